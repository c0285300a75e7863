import { expect, it } from 'vitest';
import { createMemoryFailureStore } from '../../../shared/adapters/memory/memory-failure-store.ts';
import { createMemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import { createBucketCache } from '../../../shared/use-cases/ground-truth/bucket-cache.ts';
import { joinRecords } from '../../../shared/use-cases/ground-truth/join-records.ts';
import { at, joinEvent, observed, predicted, servedModel } from './fixtures/models.ts';

const bucket = { modelId: 'late-live', bucket: 0 };
const contradicting = [predicted('p1'), observed('p1'), observed('p1', { label: 0 })];

function opened(sequenceNumber: string) {
  const record = { id: sequenceNumber, shardId: 'shard-1', partitionKey: '', now: at(180), data: new Uint8Array() };
  const events = contradicting.map((event, i) => joinEvent(event, at(180), sequenceNumber, i));
  return { record, opened: { bucket, model: servedModel(), events, rejected: [] } };
}

it('outcomes that contradict each other are kept for a person to look at, before they are committed', async () => {
  const failures = createMemoryFailureStore();
  const buffer = createMemoryJoinBuffer();
  const refusing = { ...buffer, commit: () => Promise.reject(new Error('no more')) };
  const joining = { cache: createBucketCache(), failures };
  expect(await joinRecords({ ...joining, buffer: refusing }, [opened('7')])).toHaveLength(1);
  const before = new Map(failures.documents);
  expect(await joinRecords({ ...joining, buffer }, [opened('7')])).toEqual([]);
  expect(failures.documents).toEqual(before);
  const [[key, document]] = [...before] as [[string, string]];
  expect(key).toBe('conflicts/late-live/2001-01-22/shard-1-7-2.json');
  expect(JSON.parse(document).conflicts).toMatchObject([
    { index: 2, predictionId: 'p1', held: { label: 1, writer: 'flights/serving' }, next: { label: 0 } },
  ]);
});

it('a contradiction that cannot be kept is not joined either', async () => {
  const buffer = createMemoryJoinBuffer();
  const full = { put: async () => {}, putConflicts: () => Promise.reject(new Error('no room')) };
  const joining = { buffer, cache: createBucketCache(), failures: full };
  expect(await joinRecords(joining, [opened('7')])).toMatchObject([{ id: '7' }]);
  expect((await buffer.cursor(bucket)).revision).toBe(0);
});
