import { describe, expect, it, vi } from 'vitest';
import { createMemoryIdempotencyStore } from '../../../shared/adapters/memory/memory-idempotency-store.ts';
import { RunwayError } from '../../../shared/domain/errors.ts';
import { modelDefinitionSchema } from '../../../shared/domain/registry/schemas.ts';
import { z } from '../../../shared/domain/zod.ts';
import { apiHandler } from '../../../shared/runtime/api-handler.ts';
import { operation } from '../../../shared/runtime/operation.ts';
import { context, type GivenRequest, httpEvent, receivedAt } from './http-event.ts';

const register = operation({
  id: 'registerModel',
  summary: 'Register a model',
  body: modelDefinitionSchema,
  response: z.object({ modelId: z.string() }),
  status: 201,
  maxBodyBytes: 4_096,
});
const change = operation({
  id: 'changePolicy',
  summary: 'Change the policy',
  params: z.strictObject({ modelId: z.string() }),
  query: z.strictObject({ limit: z.coerce.number().int().max(100).optional() }),
  response: z.object({ ifMatch: z.number().optional() }),
});

const model = {
  name: 'late-basic',
  domain: 'flights',
  team: 'flights',
  tier: 2,
  taskType: 'binary',
  features: [{ name: 'hour', type: 'categorical' }],
};

const handleRegister = vi.fn(async ({ body }: { body: { name: string } }) => ({
  body: { modelId: body.name },
  etag: 1,
}));

async function send(given: GivenRequest, idempotency = createMemoryIdempotencyStore()) {
  const handler = apiHandler(register, { team: ({ body }) => body.team, idempotency }, handleRegister);
  return parsed(await handler(httpEvent(given), context));
}

async function sendChange(given: GivenRequest, team: string | undefined = 'flights', fail?: Error) {
  const handler = apiHandler(change, { team: async () => team }, async ({ ifMatch }) => {
    if (fail) throw fail;
    return { body: { ifMatch } };
  });
  return parsed(await handler(httpEvent({ params: { modelId: 'late-basic' }, ...given }), context));
}

function parsed(response: Awaited<ReturnType<ReturnType<typeof apiHandler>>>) {
  const { statusCode, headers = {}, body } = response;
  return { status: statusCode, headers, body: body ? JSON.parse(body) : undefined };
}

describe('the id of a request', () => {
  const idOf = async (headers: Record<string, string>) => {
    let id: string | undefined;
    const handler = apiHandler(change, { team: async () => 'flights' }, async ({ requestId }) => {
      id = requestId;
      return { body: {} };
    });
    await handler(httpEvent({ params: { modelId: 'late-basic' }, headers }), context);
    return id;
  };

  it('is the same of a repetition, another of another key, none without a key, and tells nobody the key', async () => {
    const first = await idOf({ 'idempotency-key': 'rotate-7' });
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await idOf({ 'idempotency-key': 'rotate-7' })).toBe(first);
    expect(await idOf({ 'idempotency-key': 'rotate-8' })).not.toBe(first);
    expect(await idOf({})).toBeUndefined();
  });
});

describe('a good request', () => {
  it('reaches the use case parsed, with actor, now and correlation id', async () => {
    const response = await send({ body: model, headers: { 'x-correlation-id': 'trace-7' } });
    expect(response).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json', 'x-correlation-id': 'trace-7', etag: '"1"' },
      body: { modelId: 'late-basic' },
    });
    expect(handleRegister).toHaveBeenLastCalledWith({
      params: {},
      query: {},
      body: expect.objectContaining({
        ...model,
        features: [{ name: 'hour', type: 'categorical', required: true, importance: 1 }],
        buckets: 1,
      }),
      actor: { id: 'ada', kind: 'person', roles: ['editor:flights', 'viewer'], teams: ['flights'] },
      now: receivedAt,
      correlationId: 'trace-7',
      raw: {
        headers: expect.objectContaining({ 'x-correlation-id': 'trace-7' }),
        body: JSON.stringify(model),
        bytes: Buffer.from(JSON.stringify(model)),
      },
    });
  });

  it.each(['application/json; charset=utf-8', 'application/json;charset="UTF-8"', 'application/cloudevents+json'])(
    'may call its content %s',
    async (type) => {
      expect((await send({ body: model, headers: { 'content-type': type } })).status).toBe(201);
    },
  );

  it('may come in base64', async () => {
    expect((await send({ body: model, base64: true })).status).toBe(201);
  });

  it('gets a correlation id when its own is not safe to log', async () => {
    expect((await send({ body: model, headers: { 'x-correlation-id': 'a\nb' } })).headers['x-correlation-id']).toBe(
      'request-1',
    );
  });

  it('names the version it read in If-Match', async () => {
    expect((await sendChange({ headers: { 'if-match': '"7"' } })).body).toEqual({ ifMatch: 7 });
    expect((await sendChange({ headers: { 'if-match': '*' } })).body).toEqual({});
  });
});

describe('a bad request', () => {
  const bad: readonly [string, GivenRequest, number, string, string][] = [
    ['malformed JSON', { body: '{"name": "late-' }, 400, 'malformed-json', 'not JSON'],
    ['NaN', { body: '{"tier": NaN}' }, 400, 'malformed-json', 'not JSON'],
    [
      'bytes that are not UTF-8',
      { body: Buffer.from('{"name":"\xff"}', 'latin1') },
      400,
      'malformed-json',
      'not UTF-8',
    ],
    ['a key twice', { body: '{"name":"a","tier":1,"name":"b"}' }, 400, 'duplicate-key', '"name" occurs twice'],
    [
      'a key twice, once escaped',
      { body: '{"name":"a","n\\u0061me":"b"}' },
      400,
      'duplicate-key',
      '"name" occurs twice',
    ],
    [
      'a key that reaches the prototype',
      { body: '{"features":[{"__proto__":{"admin":true}}]}' },
      400,
      'hostile-key',
      '__proto__',
    ],
    [
      'nesting without end',
      { body: `${'['.repeat(50_000)}${']'.repeat(50_000)}`.slice(0, 4_000) },
      400,
      'malformed-json',
      'not JSON',
    ],
    ['nesting too deep', { body: `${'['.repeat(33)}${']'.repeat(33)}` }, 400, 'nested-too-deep', 'deeper than 32'],
    [
      'a wrong content type',
      { body: model, headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported-content-type',
      '"text/plain"',
    ],
    [
      'another charset',
      { body: model, headers: { 'content-type': 'application/json; charset=latin1' } },
      415,
      'unsupported-content-type',
      'latin1',
    ],
    [
      'a compressed body',
      { body: model, headers: { 'content-encoding': 'gzip' } },
      415,
      'unsupported-content-type',
      '"gzip"',
    ],
    [
      'an oversized body',
      { body: { ...model, description: 'x'.repeat(5_000) } },
      413,
      'payload-too-large',
      'at most 4096',
    ],
    [
      'a malformed Idempotency-Key',
      { body: model, headers: { 'idempotency-key': 'a b' } },
      400,
      'malformed-idempotency-key',
      'visible ASCII',
    ],
    [
      'a wrong role',
      { body: model, groups: '[viewer]' },
      403,
      'not-authorized',
      'no role of ada permits registerModel for team flights',
    ],
    ['the role of another team', { body: model, groups: '[editor:search]' }, 403, 'not-authorized', 'team flights'],
    ['no role', { body: model, claims: { sub: 'ada' } }, 403, 'not-authorized', 'team flights'],
  ];

  it.each(bad)('with %s gets its own problem document', async (_case, given, status, code, detail) => {
    handleRegister.mockClear();
    const response = await send(given);
    expect(response.headers['content-type']).toBe('application/problem+json');
    expect(response.body).toMatchObject({
      type: `urn:runway:problem:${code}`,
      status,
      title: expect.any(String),
      detail: expect.stringContaining(detail),
      correlationId: 'request-1',
    });
    expect(response.status).toBe(status);
    expect(handleRegister).not.toHaveBeenCalled();
  });

  it.each([
    [
      'an unknown field',
      { ...model, colour: 'red' },
      { field: '/colour', code: 'unknown-field', reason: 'no such field' },
    ],
    [
      'an unknown field deep inside',
      { ...model, features: [{ ...model.features[0], 'a/b': 1 }] },
      { field: '/features/0/a~1b', code: 'unknown-field', reason: 'no such field' },
    ],
    [
      'a missing field',
      { ...model, domain: undefined },
      { field: '/domain', code: 'missing', reason: expect.stringContaining('required') },
    ],
    [
      'a field of a wrong type',
      { ...model, domain: 7 },
      { field: '/domain', code: 'wrong-type', reason: expect.stringContaining('expected string') },
    ],
    [
      'a number as text',
      { ...model, attributionWindowMinutes: 'Infinity' },
      { field: '/attributionWindowMinutes', code: 'wrong-type', reason: expect.any(String) },
    ],
    [
      'a number that overflows',
      { ...model, attributionWindowMinutes: 60, speedWindowMinutes: 2e5 },
      { field: '/speedWindowMinutes', code: 'too-big', reason: expect.any(String) },
    ],
    [
      'a value not on the list',
      { ...model, taskType: 'ranking' },
      { field: '/taskType', code: 'not-allowed', reason: expect.any(String) },
    ],
    [
      'a name of a wrong shape',
      { ...model, name: 'Late Basic' },
      { field: '/name', code: 'wrong-format', reason: expect.stringContaining('lower-case') },
    ],
    [
      'a feature twice',
      { ...model, features: [model.features[0], model.features[0]] },
      { field: '/features', code: 'invalid', reason: 'feature names must be unique' },
    ],
  ])('with %s names field and reason', async (_case, body, problem) => {
    const response = await send({ body });
    expect(response).toMatchObject({
      status: 422,
      body: { type: 'urn:runway:problem:invalid-request', errors: [problem] },
    });
  });

  it('names every fault at once, and says where an infinite number came from', async () => {
    const body = JSON.stringify({ ...model, tier: 9, colour: 'red' }).replace('"binary"', '1e999');
    expect((await send({ body })).body.errors.map(({ field }: { field: string }) => field)).toEqual([
      '/tier',
      '/taskType',
      '/colour',
    ]);
  });

  it('with hundreds of faults is told of a hundred, and how many there are', async () => {
    const keys = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`k${n}`, n]));
    const { body } = await send({ body: { ...model, ...keys } });
    expect(body.errors).toHaveLength(100);
    expect(body.detail).toBe('300 fields are not as expected');
  });

  it('without a body is told what is missing', async () => {
    expect(await send({})).toMatchObject({ status: 422, body: { errors: [{ field: '', code: 'missing' }] } });
  });

  it('with a parameter of path or query out of range is told which', async () => {
    expect((await sendChange({ query: { limit: '101' } })).body.errors).toMatchObject([
      { field: 'query:/limit', code: 'too-big' },
    ]);
    expect((await sendChange({ query: { limt: '10' } })).body.errors).toMatchObject([
      { field: 'query:/limt', code: 'unknown-field' },
    ]);
    expect((await sendChange({ params: {} })).body.errors).toMatchObject([{ field: 'path:/modelId', code: 'missing' }]);
  });

  it('with a malformed If-Match is told what one looks like', async () => {
    for (const text of ['7', 'W/"7"', '"x"', '"7", "8"']) {
      expect(await sendChange({ headers: { 'if-match': text } })).toMatchObject({
        status: 400,
        body: { type: 'urn:runway:problem:malformed-if-match' },
      });
    }
  });
});

describe('a model that does not exist', () => {
  const nobody = apiHandler(change, { team: async () => undefined }, async () => ({ body: {} }));
  const sendMissing = async (groups: string) =>
    parsed(await nobody(httpEvent({ groups, params: { modelId: 'gone' } }), context));

  it('is a 404 to whoever may read models', async () => {
    expect(await sendMissing('[viewer]')).toMatchObject({
      status: 404,
      body: { type: 'urn:runway:problem:unknown-model', detail: 'no model "gone"' },
    });
    expect(await sendMissing('[editor:search]')).toMatchObject({ status: 404 });
    expect(await sendMissing('[admin]')).toMatchObject({ status: 404 });
  });

  it('is a 403 to everyone else', async () => {
    expect(await sendMissing('[label-writer:flights]')).toMatchObject({ status: 403 });
    expect(await sendMissing('[]')).toMatchObject({ status: 403 });
  });
});

describe('an Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'k-1' };

  it('gives a repeated request the first answer without doing it again', async () => {
    const store = createMemoryIdempotencyStore();
    handleRegister.mockClear();
    const first = await send({ body: model, headers }, store);
    const second = await send({ body: { ...model }, headers: { ...headers, 'x-correlation-id': 'again' } }, store);
    expect(second).toEqual({
      ...first,
      headers: { ...first.headers, 'x-correlation-id': 'again', 'idempotency-replayed': 'true' },
    });
    expect(handleRegister).toHaveBeenCalledTimes(1);
  });

  it('cannot be reused with another body', async () => {
    const store = createMemoryIdempotencyStore();
    await send({ body: model, headers }, store);
    expect(await send({ body: { ...model, tier: 1 }, headers }, store)).toMatchObject({
      status: 422,
      body: { type: 'urn:runway:problem:idempotency-key-reused' },
    });
  });

  it('belongs to its caller', async () => {
    const store = createMemoryIdempotencyStore();
    handleRegister.mockClear();
    await send({ body: model, headers }, store);
    await send({ body: { ...model, tier: 1 }, headers, claims: { sub: 'grace', 'cognito:groups': '[admin]' } }, store);
    expect(handleRegister).toHaveBeenCalledTimes(2);
  });

  it('is told to wait while the first request runs', async () => {
    const store = createMemoryIdempotencyStore();
    let second: unknown;
    handleRegister.mockImplementationOnce(async ({ body }) => {
      second = await send({ body: model, headers }, store);
      return { body: { modelId: body.name }, etag: 1 };
    });
    await send({ body: model, headers }, store);
    expect(second).toMatchObject({ status: 409, body: { type: 'urn:runway:problem:idempotency-in-progress' } });
  });

  it('may be used again after a failure', async () => {
    const store = createMemoryIdempotencyStore();
    handleRegister.mockRejectedValueOnce(
      new RunwayError('AlreadyExists', 'model-exists', 'model late-basic exists already'),
    );
    expect(await send({ body: model, headers }, store)).toMatchObject({
      status: 409,
      body: { type: 'urn:runway:problem:model-exists' },
    });
    expect(await send({ body: model, headers }, store)).toMatchObject({ status: 201 });
  });
});

describe('an error of the use case', () => {
  it.each([
    [new RunwayError('VersionConflict', 'version-conflict', 'moved'), 409, 'version-conflict'],
    [new RunwayError('PreconditionFailed', 'precondition-failed', 'at 8, If-Match says 7'), 412, 'precondition-failed'],
    [new RunwayError('IllegalTransition', 'illegal-transition', 'no'), 409, 'illegal-transition'],
    [new RunwayError('ArtifactUnusable', 'artifact-missing', 'none'), 422, 'artifact-missing'],
    [new RunwayError('DependencyUnavailable', 'dependency-unavailable', 'again'), 503, 'dependency-unavailable'],
  ])('%s becomes its problem document', async (error, status, code) => {
    expect(await sendChange({}, 'flights', error)).toMatchObject({
      status,
      body: { type: `urn:runway:problem:${code}`, detail: error.message },
    });
  });

  it('that nobody foresaw becomes a 500 without detail', async () => {
    const response = await sendChange({}, 'flights', new TypeError('secret of table Events-1234'));
    expect(response).toMatchObject({
      status: 500,
      body: { type: 'urn:runway:problem:internal-error', correlationId: 'request-1' },
    });
    expect(JSON.stringify(response)).not.toContain('secret');
  });

  it('says when to try again', async () => {
    expect(
      (await sendChange({}, 'flights', new RunwayError('DependencyUnavailable', 'dependency-unavailable', ''))).headers[
        'retry-after'
      ],
    ).toBe('1');
    const limited = new RunwayError('RateLimited', 'rate-limited', '');
    const { status, headers } = await sendChange({}, 'flights', limited);
    expect(status).toBe(429);
    // Limits hold for minutes of the clock; the request came on the full one.
    expect(headers['retry-after']).toBe('60');
  });
});
