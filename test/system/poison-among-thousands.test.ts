import { afterAll, beforeAll, expect, test } from 'vitest';
import { countsOf } from '../e2e/late-basic.ts';
import { archiveMinutes, bootDrill, type Drill, ids, observed, predicted } from './drill.ts';

// One poison record among ten thousand, in the middle of them.
const half = 5_000;
let drill: Drill;

beforeAll(async () => {
  drill = await bootDrill({ buckets: 4 });
  const records = ids('flight', half).flatMap((id) => [predicted(id), observed(id)].map(drill.recordOf));
  const poison = { partitionKey: 'late-basic:1', data: Buffer.alloc(2_000, 0xe5) };
  await drill.put([...records.slice(0, half), poison, ...records.slice(half)]);
  await drill.later(archiveMinutes);
}, 180_000);
afterAll(() => drill?.end());

test('every other record is joined, once', async () => {
  expect(await countsOf(drill, 'late-basic')).toEqual({ predictions: half, pairs: half });
});

test('every other record is archived', async () => {
  for (const kind of ['predictions', 'outcomes'] as const) {
    const archived = await drill.archived(kind);
    expect(archived.size).toBe(half);
    expect([...archived.values()].filter((count) => count > 1)).toEqual([]);
  }
});

test('it is put aside with its cause, shows in a metric and raises the alarm', async () => {
  const documents = await drill.customer.objects('FailureBucketName', 'poison/');
  expect(documents.map((document) => JSON.parse(document).cause.code)).toEqual(['header-missing']);
  expect(drill.metric('RecordsRejected')).toBe(1);
  expect(await drill.alarming()).toEqual(['Records rejected']);
});

test('no batch was given up', async () => {
  expect(await drill.givenUp('JoinFailures')).toBe(0);
  expect(await drill.givenUp('ArchiveFailures')).toBe(0);
});
