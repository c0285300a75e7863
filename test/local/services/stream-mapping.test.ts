import { expect, test } from 'vitest';
import { readMapping } from '../../../local/event-sources/mapping-settings.ts';
import { createStreamMapping } from '../../../local/event-sources/stream-mapping.ts';
import type { StreamReader } from '../../../local/event-sources/stream-reader.ts';
import { createPump } from '../../../local/pump.ts';
import type { InvocationResult } from '../../../local/types.ts';
import * as fixtures from './fixtures.ts';

const { failed, functionArn, minute, queueArn, resource, start, succeeded } = fixtures;
const streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/Events';

/** A one-shard stream of named records; the sequence number of the nth is n. */
function memoryStream(names: readonly string[]) {
  const records = [...names];
  const reader: StreamReader = {
    shards: async () => ['shard-0'],
    read: async (_, after, limit) =>
      records.slice(Number(after ?? 0), Number(after ?? 0) + limit).map((name, index) => ({
        sequenceNumber: String(Number(after ?? 0) + index + 1),
        bytes: 1000,
        isWanted: !name.startsWith('unwanted'),
        toEvent: (arrivedAt) => ({ name, arrivedAt }),
      })),
  };
  return { records, reader };
}

type Event = { readonly Records: readonly { readonly name: string; readonly arrivedAt: number }[] };
type Answer = (names: readonly string[]) => InvocationResult;

function setUp(names: readonly string[], properties: object, answer: Answer = () => succeeded, path?: string) {
  const time = fixtures.virtualTime(path);
  const stream = memoryStream(names);
  const { functions, calls } = fixtures.fakeFunctions(({ event }) => answer(namesOf(event)));
  const sent: { queueArn: string; body: string }[] = [];
  const stored: { bucket: string; key: string; body: string }[] = [];
  const mapping = resource('AWS::Lambda::EventSourceMapping', 'JoinEvents', '', {
    FunctionName: functionArn('join-events'),
    EventSourceArn: streamArn,
    StartingPosition: 'TRIM_HORIZON',
    ...properties,
  });
  const source = createStreamMapping({
    ...time,
    mapping,
    functions,
    endpoint: '',
    settings: readMapping(mapping, 100),
    reader: stream.reader,
    infoField: 'KinesisBatchInfo',
    onFailure: {
      sendToQueue: (arn, body) => void sent.push({ queueArn: arn, body }),
      putObject: async (bucket, key, body) => void stored.push({ bucket, key, body }),
    },
  });
  const pump = createPump({ clock: time.clock, sources: [source], idleProbes: [], log: console.error });
  const batches = () => calls.map(({ event }) => namesOf(event).join(' '));
  return { ...time, source, pump, batches, calls, sent, stored, records: stream.records };
}

const namesOf = (event: unknown) => (event as Event).Records.map(({ name }) => name);
const failsOn = (poison: string) => (names: readonly string[]) => (names.includes(poison) ? failed : succeeded);
const toQueue = { DestinationConfig: { OnFailure: { Destination: queueArn('Poison') } } };

test('a batch takes as many records as its size says, in order', async () => {
  const cloud = setUp(['a', 'b', 'c', 'd', 'e'], { BatchSize: 2 });
  await cloud.pump.pump();
  expect(cloud.batches()).toEqual(['a b', 'c d', 'e']);
});

test('a batch that is not full waits for its window, in virtual time', async () => {
  const cloud = setUp(['a', 'b', 'c'], { BatchSize: 2, MaximumBatchingWindowInSeconds: 30 });
  await cloud.pump.pump();
  expect(cloud.batches()).toEqual(['a b']);
  expect(cloud.source.nextWakeAt()).toBe(start + 30_000);
  await cloud.pump.advanceTo(start + minute);
  expect(cloud.batches()).toEqual(['a b', 'c']);
});

test('a batch stays below the 6 MB that a function can be given', async () => {
  const names = Array.from({ length: 7000 }, (_, index) => `r${index}`);
  const cloud = setUp(names, { BatchSize: 10_000 });
  await cloud.pump.pump();
  expect(cloud.calls.map(({ event }) => namesOf(event).length)).toEqual([6000, 1000]);
});

test('bisection isolates the poison record and blocks nobody', async () => {
  const properties = { BatchSize: 8, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 2, ...toQueue };
  const cloud = setUp([...'abcdPefg'], properties, failsOn('P'));
  await cloud.pump.pump();
  expect(cloud.batches()).toEqual(['a b c d P e f g', 'a b c d', 'P e f g', 'P e', 'P', 'P', 'P', 'e', 'f g']);
  expect(cloud.sent.map((message) => message.queueArn)).toEqual([queueArn('Poison')]);
  expect(JSON.parse(cloud.sent[0]?.body ?? '')).toMatchObject({
    requestContext: {
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
      functionArn: functionArn('join-events'),
    },
    KinesisBatchInfo: { shardId: 'shard-0', startSequenceNumber: '5', endSequenceNumber: '5', batchSize: 1, streamArn },
  });
});

test('without bisection the whole batch is retried and given up', async () => {
  const cloud = setUp([...'aPb'], { BatchSize: 2, MaximumRetryAttempts: 1, ...toQueue }, failsOn('P'));
  await cloud.pump.pump();
  expect(cloud.batches()).toEqual(['a P', 'a P', 'b']);
  expect(JSON.parse(cloud.sent[0]?.body ?? '').KinesisBatchInfo).toMatchObject({
    startSequenceNumber: '1',
    endSequenceNumber: '2',
  });
});

test('a bucket as failure destination gets the records too', async () => {
  const Destination = 'arn:aws:s3:::failures';
  const properties = { MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination } } };
  const cloud = setUp(['P'], properties, () => failed);
  await cloud.pump.pump();
  expect(cloud.stored).toHaveLength(1);
  expect(cloud.stored[0]).toMatchObject({
    bucket: 'failures',
    key: expect.stringMatching(/^aws\/lambda\/JoinEvents\/shard-0\/2001\/01\/01\/2001-01-01T00\.00\.00-/),
  });
  const record = JSON.parse(cloud.stored[0]?.body ?? '');
  expect(JSON.parse(record.payload)).toEqual({ Records: [{ name: 'P', arrivedAt: start }] });
});

const reporting = { BatchSize: 5, FunctionResponseTypes: ['ReportBatchItemFailures'] };
const report = (...identifiers: readonly string[]): InvocationResult => ({
  ok: true,
  payload: { batchItemFailures: identifiers.map((itemIdentifier) => ({ itemIdentifier })) },
});

test('a partial failure checkpoints up to the first failed record and goes on from there', async () => {
  const answers = [report('4', '3'), report()];
  const cloud = setUp([...'abcde'], { ...reporting, MaximumRetryAttempts: 3 }, () => answers.shift() ?? succeeded);
  await cloud.pump.pump();
  expect(cloud.batches()).toEqual(['a b c d e', 'c d e']);
});

test('a record that always fails is given up alone when bisection is on', async () => {
  const answer = (names: readonly string[]) => (names.includes('P') ? report('3') : succeeded);
  const properties = { ...reporting, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1, ...toQueue };
  const cloud = setUp([...'abPcd'], properties, answer);
  await cloud.pump.pump();
  expect(cloud.batches()).toEqual(['a b P c d', 'P c d', 'P', 'P', 'c d']);
  expect(cloud.sent).toHaveLength(1);
});

test.each([
  ['an unknown identifier', report('99')],
  ['an answer of another shape', { ok: true, payload: { batchItemFailures: 'x' } } as const],
])('%s means that the whole batch failed', async (_, odd) => {
  const answers: InvocationResult[] = [odd];
  const cloud = setUp([...'ab'], { ...reporting, MaximumRetryAttempts: 1 }, () => answers.shift() ?? succeeded);
  await cloud.pump.pump();
  expect(cloud.batches()).toEqual(['a b', 'a b']);
});

test('without a limit a failing batch waits longer and longer between tries, in virtual time', async () => {
  const tries: number[] = [];
  const cloud = setUp(['P'], {}, () => {
    tries.push((cloud.clock.now() - start) / 1000);
    return failed;
  });
  await cloud.pump.pump();
  expect(tries).toEqual([0]);
  await cloud.pump.advanceTo(start + 20_000);
  expect(tries).toEqual([0, 1, 3, 7, 15]);
});

test('records too old to be tried again go to the failure destination', async () => {
  const cloud = setUp(['P'], { MaximumRecordAgeInSeconds: 60, ...toQueue }, () => failed);
  await cloud.pump.advanceTo(start + 10 * minute);
  expect(JSON.parse(cloud.sent[0]?.body ?? '').requestContext.condition).toBe('RecordAgeExceeded');
  expect(cloud.sent).toHaveLength(1);
});

test('filtered records are never shown and do not hold up the checkpoint', async () => {
  const path = `${fixtures.temporaryDirectory()}/journal.db`;
  const names = ['unwanted-1', 'a', 'unwanted-2'];
  const before = setUp(names, {}, undefined, path);
  await before.pump.pump();
  expect(before.batches()).toEqual(['a']);
  before.journal.close();
  const after = setUp([...names, 'b'], {}, undefined, path);
  await after.pump.pump();
  expect(after.batches()).toEqual(['b']);
});

test('after a restart an unfinished record comes again, with the arrival time it had', async () => {
  const path = `${fixtures.temporaryDirectory()}/journal.db`;
  const before = setUp(['a', 'P'], { BatchSize: 1 }, failsOn('P'), path);
  await before.pump.advanceTo(start + minute);
  before.journal.close();
  const after = setUp(['a', 'P', 'b'], { BatchSize: 1 }, undefined, path);
  await after.pump.pump();
  expect(after.calls.map(({ event }) => event)).toEqual([
    { Records: [{ name: 'P', arrivedAt: start }] },
    { Records: [{ name: 'b', arrivedAt: start + minute }] },
  ]);
});

test('a disabled mapping reads nothing', async () => {
  const cloud = setUp(['a'], { Enabled: false });
  await cloud.pump.pump();
  expect(cloud.batches()).toEqual([]);
});

test.each([
  [{ ParallelizationFactor: 2 }, 'ParallelizationFactor'],
  [{ FilterCriteria: { Filters: [{ Pattern: '{"data":[{"cidr":"::"}]}' }] } }, 'cidr'],
])('%j is an error naming the mapping', (properties, named) => {
  expect(() => setUp([], properties)).toThrow(new RegExp(`JoinEvents.*${named}`));
});
