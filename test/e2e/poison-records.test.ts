import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  pack,
  partitionKeyOf,
  sign,
  type WireEvent,
  wireFormat,
} from '../../shared/domain/ground-truth/wire-format.ts';
import { boot, type Running, statusOf } from './boot.ts';
import { countsOf, outcome, prediction, registeredAt, serve } from './late-basic.ts';

type Failure = {
  readonly cause: { readonly code: string; readonly reason: string };
  readonly data: string;
  readonly partitionKey: string;
  readonly lines?: readonly { index: number; problems: readonly { field: string; code: string }[] }[];
};
const partition = partitionKeyOf('late-basic', 0);
let running: Running;
let keys: { readonly flights: string; readonly harbor: string };
let failures: readonly Failure[];
const sent = new Map<string, Uint8Array>();

function packed(events: readonly WireEvent[], { writer = 'flights/tests', key = keys.flights } = {}): Uint8Array {
  const [record, ...more] = pack(events, { writer, key, modelId: 'late-basic', bucket: 0 });
  if (record === undefined || more.length > 0) throw new Error('expected one record');
  return record;
}

/** A record that no packer makes: any payload under a valid signature. */
function forged(payload: Buffer, { modelId = 'late-basic', count = 1 } = {}): Uint8Array {
  const header = { format: wireFormat, writer: 'flights/tests', modelId, bucket: 0, encoding: 'gzip' } as const;
  const signature = sign({ header, payload }, keys.flights);
  return Buffer.concat([Buffer.from(`${JSON.stringify({ ...header, count, signature })}\n`), payload]);
}

const made = (predictionId: string, change: object = {}) => ({
  kind: 'prediction' as const,
  record: prediction({ predictionId, ...change }),
});
const line = () => gzipSync(`${JSON.stringify(made('never'))}\n`);

const poisons: Readonly<Record<string, { code: string; data: () => Uint8Array; partitionKey?: string }>> = {
  garbage: { code: 'header-missing', data: () => Buffer.alloc(2_000, 0xe5) },
  'an empty record': { code: 'header-missing', data: () => Buffer.alloc(0) },
  'JSON that is no header': { code: 'header-malformed', data: () => Buffer.from('{"format":"runway/9"}\n{}') },
  'a signature with another key': {
    code: 'wrong-signature',
    data: () => packed([made('never')], { key: keys.harbor }),
  },
  "a record under Runway's own name": {
    code: 'wrong-signature',
    data: () => packed([made('never')], { writer: 'runway/api' }),
  },
  'a payload changed after signing': {
    code: 'wrong-signature',
    data: () => Buffer.concat([packed([made('never')]), Buffer.of(0)]),
  },
  'an unknown model': { code: 'unknown-model', data: () => forged(line(), { modelId: 'nobody' }) },
  "another team's writer": {
    code: 'wrong-team',
    data: () => packed([made('never')], { writer: 'harbor/cranes', key: keys.harbor }),
  },
  'a foreign partition key': {
    code: 'wrong-partition-key',
    data: () => packed([made('never')]),
    partitionKey: 'late-basic:7',
  },
  'another count than was announced': { code: 'count-mismatch', data: () => forged(line(), { count: 2 }) },
  'a payload that is not packed': { code: 'payload-undecodable', data: () => forged(Buffer.from('{}\n')) },
  'a payload that unpacks to too much': {
    code: 'payload-too-large',
    data: () => forged(gzipSync(Buffer.alloc(9_000_000))),
  },
};

const badLines = [
  made('before-the-model', { predictedAt: '2001-01-21T00:00:00Z' }),
  made('in-2099', { predictedAt: '2099-01-01T00:00:00Z' }),
  { kind: 'outcome' as const, record: outcome({ label: 'NaN' }) },
];

beforeAll(async () => {
  running = await boot(registeredAt);
  const { customer, later } = running;
  await serve(running, 'late-basic');
  const scopes = ['predictions', 'outcomes'];
  const keyOf = async (writer: string) =>
    String((await customer.succeed('POST', '/v1/writers', { writer, scopes })).key);
  keys = { flights: await keyOf('flights/tests'), harbor: await keyOf('harbor/cranes') };
  await later(20);
  for (const [name, { data, partitionKey = partition }] of Object.entries(poisons)) {
    sent.set(name, data());
    await customer.putRecord(packed([made(`before ${name}`)]), partition);
    await customer.putRecord(data(), partitionKey);
    await customer.putRecord(packed([made(`after ${name}`)]), partition);
  }
  sent.set('lines', packed([made('first'), ...badLines, made('last')]));
  await customer.putRecord(sent.get('lines') ?? Buffer.of(), partition);
  await later(1);
  const documents = await customer.objects('FailureBucketName', 'poison/');
  failures = documents.map((document): Failure => JSON.parse(document));
});
afterAll(() => running?.end());

const failuresOf = (name: string) =>
  failures.filter(({ data }) => data === Buffer.from(sent.get(name) ?? []).toString('base64'));

describe('a poison record goes to the failure bucket with its cause:', () => {
  test.each(Object.entries(poisons))('%s', (name, { code, partitionKey = partition }) => {
    expect(failuresOf(name)).toMatchObject([
      { partitionKey, cause: { code, reason: expect.stringMatching(/\w+ \w+/) } },
    ]);
  });
});

test('bad lines of a good record go there by index, the others count', () => {
  const [failure] = failuresOf('lines');
  expect(failure?.cause.code).toBe('invalid-lines');
  expect(
    failure?.lines?.map(({ index, problems }) => [index, problems.map(({ field, code }) => `${field} ${code}`)]),
  ).toEqual([
    [1, ['/predictedAt predicted-before-model']],
    [2, ['/predictedAt predicted-in-future']],
    [3, ['/label not-finite']],
  ]);
});

test('every good record among them is counted once', async () => {
  const good = 2 * Object.keys(poisons).length + 2;
  expect(await countsOf(running, 'late-basic')).toEqual({ predictions: good, pairs: 0 });
});

test('nothing else is left in the failure bucket, and no record was given up', async () => {
  expect(failures).toHaveLength(Object.keys(poisons).length + 1);
  const { queues } = await statusOf(running);
  for (const queue of Object.values(queues)) expect(queue).toMatchObject({ visible: 0, inFlight: 0 });
});
