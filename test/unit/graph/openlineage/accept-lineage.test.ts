import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunwayError } from '../../../../shared/domain/errors.ts';
import { parseLineageEvent } from '../../../../shared/domain/graph/openlineage/lineage-event.ts';
import { lineageKey, writerKey } from '../../../../shared/domain/ground-truth/writer-key.ts';
import { endpoint, key, requestOf, writerName } from './endpoint.ts';
import { factsOf, runEvent } from './graph-of.ts';

const event = runEvent({ inputs: ['a'], outputs: ['b'] });
const json = (body: string | undefined) => JSON.parse(body ?? '') as Readonly<Record<string, unknown>>;

describe('an event', () => {
  test('is answered 201 without a body once it is kept', async () => {
    const { post, kept } = endpoint();
    expect(await post(event)).toMatchObject({ statusCode: 201, body: '' });
    expect(kept).toEqual([event]);
  });

  test('may be packed by gzip', async () => {
    const { post, kept } = endpoint();
    const packed = new Uint8Array(gzipSync(JSON.stringify(event)));
    expect((await post(packed, { 'content-encoding': 'gzip' })).statusCode).toBe(201);
    expect(kept).toEqual([event]);
  });

  test('of a type that is none of the specification’s is taken, and means nothing', async () => {
    const { post, kept } = endpoint();
    const other = { ...event, schemaURL: 'https://openlineage.io/spec/3-0-0/OpenLineage.json#/$defs/PartyEvent' };
    expect((await post(other)).statusCode).toBe(200);
    expect(kept).toEqual([]);
  });

  test('whose eventType nobody knows is a report like any other', async () => {
    expect((await endpoint().post({ ...event, eventType: 'PAUSED' })).statusCode).toBe(201);
  });

  test('that cannot be kept is answered 503, so that the client sends it again', async () => {
    const inboxFails = new RunwayError('DependencyUnavailable', 'dependency-unavailable', 'S3 does not answer');
    expect(await endpoint({ inboxFails }).post(event)).toMatchObject({
      statusCode: 503,
      headers: { 'retry-after': expect.any(String) },
    });
  });

  test('beyond what its writer may send in a minute is answered 503 and never 429', async () => {
    const { post, kept } = endpoint({ writer: { eventsPerMinute: 2 } });
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push((await post(event)).statusCode);
    expect(statuses).toEqual([201, 201, 503, 503]);
    expect(kept).toHaveLength(2);
  });
});

describe('a batch', () => {
  test('is answered 204 when all of it is kept', async () => {
    const { batch, kept } = endpoint();
    expect((await batch(requestOf([event, event]))).statusCode).toBe(204);
    expect(kept).toHaveLength(2);
  });

  test('keeps what can be read, and reports the rest', async () => {
    const { batch, kept } = endpoint();
    const { statusCode, body } = await batch(requestOf([{ eventTime: 'never' }, event, 7]));
    expect(statusCode).toBe(200);
    expect(json(body)).toMatchObject({
      status: 'partial_success',
      summary: { received: 3, successful: 1, failed: 2, retriable: 0, non_retriable: 2 },
      failed_events: [
        { index: 0, retriable: false },
        { index: 2, retriable: false },
      ],
    });
    expect(kept).toEqual([event]);
  });
});

describe('a key', () => {
  const send = async (headers: Readonly<Record<string, string>>, given = {}) => {
    const { post, kept } = endpoint(given);
    const { statusCode, body } = await post(event, { authorization: '', ...headers });
    return { statusCode, kept: kept.length, detail: statusCode === 201 ? '' : String(json(body).detail) };
  };

  test('may come as bearer token or as X-API-Key', async () => {
    expect(await send({ authorization: `bearer ${key}` })).toMatchObject({ statusCode: 201 });
    expect(await send({ 'x-api-key': key })).toMatchObject({ statusCode: 201 });
  });

  test.each([
    ['is missing', {}],
    ['is another', { authorization: `Bearer ${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}` }],
    ['signs records', { authorization: `Bearer ${writerName}.1.${writerKey('root', writerName)}` }],
    ['was never issued', { authorization: `Bearer ${lineageKey('root', writerName, 2)}` }],
    ['is of nobody', { authorization: `Bearer ${lineageKey('root', 'flights/nobody', 1)}` }],
    ['is one of Runway’s own', { authorization: `Bearer ${lineageKey('root', 'runway/api', 1)}` }],
  ])('that %s is refused in the same words', async (_name, headers) => {
    expect(await send(headers)).toEqual({
      statusCode: 403,
      kept: 0,
      detail: 'expected the lineage key of a writer, as bearer token or as X-API-Key',
    });
  });

  test.each([
    ['revoked', { revokedAt: '2025-12-31T00:00:00.000Z' }],
    ['without the scope', { scopes: ['predictions', 'outcomes'] }],
    ['with a newer key', { keyId: 2, formerKeys: [] }],
  ])('of a writer %s is refused', async (_name, writer) => {
    expect(await send({ 'x-api-key': key }, { writer })).toMatchObject({ statusCode: 403, kept: 0 });
  });

  test('that was replaced is good until the overlap is over', async () => {
    const writer = { keyId: 2, formerKeys: [{ keyId: 1, validUntil: '2026-01-01T01:00:00.000Z' }] };
    expect(await send({ 'x-api-key': key }, { writer })).toMatchObject({ statusCode: 201 });
  });
});

describe('a key that is limited to namespaces', () => {
  const limited = () => endpoint({ writer: { lineageNamespaces: ['spark', 'Airflow://Prod/'] } });
  const of = (namespace: string, name = 'etl') => ({ ...runEvent({}), job: { namespace, name } });
  const { eventTime } = runEvent({});
  const explicit = (...targets: readonly object[]) => ({
    ...of('spark'),
    job: { namespace: 'spark', name: 'etl', facets: { lineage: { entries: targets } } },
  });
  const source = { type: 'DATASET', namespace: 's3://lake', name: 'a' };

  test.each([
    ['of its namespace', of('spark')],
    ['of another spelling of it', of('AIRFLOW://prod')],
    ['of one below it, whose jobs have the ids of its own', of('spark/nightly')],
    ['whose datasets are elsewhere', { ...event, job: { namespace: 'spark', name: 'etl' } }],
    ['about a job without a run', { eventTime, job: { namespace: 'spark', name: 'etl' } }],
    ['about a dataset of the namespace', { eventTime, dataset: { namespace: 'spark', name: 'a' } }],
    [
      'that was started by a run elsewhere',
      {
        ...of('spark'),
        run: { runId: 'r', facets: { parent: { run: { runId: 'p' }, job: { namespace: 'dagster', name: 'm' } } } },
      },
    ],
    ['of explicit lineage of its own', explicit({ type: 'JOB', inputs: [source] })],
  ])('takes an event %s', async (_name, sent) => {
    const { post, kept } = limited();
    expect((await post(sent)).statusCode).toBe(201);
    expect(kept).toEqual([sent]);
  });

  test.each([
    ['of another namespace', of('dagster')],
    ['of a namespace that begins alike', of('spark2')],
    ['of the namespace above', of('airflow:', 'prod/x')],
    ['about a dataset elsewhere', { eventTime, dataset: { namespace: 's3://lake', name: 'a' } }],
    [
      'whose explicit lineage is about a job elsewhere',
      explicit({ type: 'JOB', namespace: 'dagster', name: 'm', inputs: [source] }),
    ],
  ])('refuses an event %s, and keeps nothing', async (_name, sent) => {
    const { post, batch, kept } = limited();
    const { statusCode, headers, body } = await post(sent);
    expect(statusCode).toBe(403);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(json(body).type).toMatch(/lineage-namespace-not-allowed$/);
    expect(kept).toEqual([]);
    const mixed = await batch(requestOf([of('spark'), sent]));
    expect(json(mixed.body)).toMatchObject({ summary: { received: 2, failed: 1 }, failed_events: [{ index: 1 }] });
    expect(kept).toHaveLength(1);
  });
});

describe('what is hostile', () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const named = (name: string) => ({ ...event, job: { namespace: 'n', name } });
  test.each([
    ['no JSON', '{"eventTime":', 400],
    ['deep nesting', `{"eventTime":"2025-01-01T00:00:00Z","x":${nested(5_000)}}`, 400],
    ['a prototype', '{"__proto__":{"eventTime":"2025-01-01T00:00:00Z"}}', 400],
    ['10 MB', `"${'x'.repeat(10_000_000)}"`, 413],
    ['a script as name', named('<script>alert(1)</script>'), 422],
    ['a script in an attribute', named('<img src=x onerror=alert(1)>'), 422],
    ['a control character', named('a\u0000b'), 422],
    ['half a character', named('a\ud800'), 422],
    ['an empty name', named(''), 422],
    ['a name of a megabyte', named('n'.repeat(1_000_000)), 422],
    ['a run id with a line feed', { ...event, run: { runId: 'a\nb' } }, 422],
    ['a list', [event], 422],
    ['nothing', {}, 422],
    ['a run of no job', { ...event, job: undefined }, 422],
    ['no time', { ...event, eventTime: undefined }, 422],
    [
      'a million inputs',
      { ...event, inputs: Array.from({ length: 20_000 }, () => ({ namespace: 'n', name: 'm' })) },
      422,
    ],
  ])('%s is refused and changes nothing', async (_name, body, status) => {
    const { post, kept } = endpoint();
    expect((await post(body)).statusCode).toBe(status);
    expect(kept).toEqual([]);
  });

  test('a small body that inflates to a large one is refused', async () => {
    const { post, kept } = endpoint();
    const bomb = new Uint8Array(gzipSync(`"${'x'.repeat(50_000_000)}"`));
    expect((await post(bomb, { 'content-encoding': 'gzip' })).statusCode).toBe(413);
    expect((await post(new Uint8Array([1, 2, 3]), { 'content-encoding': 'gzip' })).statusCode).toBe(400);
    expect(kept).toEqual([]);
  });

  test('names that objects inherit are names like others', async () => {
    const inputs = ['constructor', 'toString', 'hasOwnProperty'];
    const facets = { constructor: { a: 1 }, toString: { b: 2 }, schema: { fields: [{ name: 'constructor' }] } };
    const { entities } = await factsOf([
      runEvent({ inputs, outputs: [{ namespace: 's3://lake', name: 'valueOf', facets }] }),
    ]);
    expect(entities.get('aip://column/openlineage/s3%3A//lake/valueOf/constructor')?.name).toBe('constructor');
  });

  test('whatever an event is changed to, it is refused or it can be applied', async () => {
    const full = {
      ...event,
      run: { ...event.run, facets: { parent: { run: { runId: 'p' }, job: { namespace: 'n', name: 'm' } } } },
      outputs: [
        {
          namespace: 's3://lake',
          name: 'b',
          facets: {
            schema: { fields: [{ name: 'x', type: 'int' }] },
            columnLineage: { fields: { x: { inputFields: [{ namespace: 'n', name: 'm', field: 'f' }] } } },
            symlinks: { identifiers: [{ namespace: 'n', name: 's' }] },
            ownership: { owners: [{ name: 'team:x' }] },
            tags: { tags: [{ key: 'k', value: 'v' }] },
          },
        },
      ],
    };
    const paths = pathsOf(full);
    const change = fc.tuple(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const mutated = structuredClone(full);
        for (const [path, value] of changes) setAt(mutated, path, value);
        let parsed: unknown;
        try {
          parsed = parseLineageEvent(mutated);
        } catch (error) {
          expect(error).toMatchObject({ name: 'InvalidRequest' });
          return;
        }
        if (parsed !== undefined) await factsOf([mutated]);
      }),
      { numRuns: 400, seed: 46 },
    );
  });
});

type Path = readonly string[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

function setAt(target: unknown, path: Path, value: unknown): void {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => (typeof at === 'object' && at ? Reflect.get(at, key) : undefined), target);
  if (typeof parent === 'object' && parent !== null) Reflect.set(parent, path.at(-1) ?? '', value);
}
