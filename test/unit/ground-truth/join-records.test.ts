import { expect, it } from 'vitest';
import { createMemoryFailureStore } from '../../../shared/adapters/memory/memory-failure-store.ts';
import { createMemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import type { Tier } from '../../../shared/domain/registry/schemas.ts';
import { createBucketCache } from '../../../shared/use-cases/ground-truth/bucket-cache.ts';
import { joinRecords } from '../../../shared/use-cases/ground-truth/join-records.ts';
import { at, joinEvent, predicted, servedModel } from './fixtures/models.ts';

type Records = Parameters<typeof joinRecords>[1];

/** One record for each model, in this order. */
function backlog(tiers: readonly (Tier | undefined)[]): Records {
  return tiers.map((tier, i) => {
    const modelId = `model-${i}`;
    const bucket = { modelId, bucket: 0 };
    const event = joinEvent(predicted('p1', { modelId }), at(900), '1', 0);
    const model = servedModel({ modelId, ...(tier !== undefined && { tier }) });
    const record = { id: modelId, data: new Uint8Array(), approximateArrival: event.now } as never;
    return { record, opened: { bucket, model, events: [event], rejected: [] } as never };
  });
}

async function joined(records: Records, isBroken: (modelId: string) => boolean = () => false) {
  const asked: string[] = [];
  const memory = createMemoryJoinBuffer();
  const buffer: typeof memory = {
    ...memory,
    cursor: async (bucket) => {
      asked.push(bucket.modelId);
      if (isBroken(bucket.modelId)) throw new Error('throttled');
      return memory.cursor(bucket);
    },
  };
  const failures = createMemoryFailureStore();
  const failed = await joinRecords({ buffer, cache: createBucketCache(), failures }, records);
  return { asked, failed };
}

it('of a backlog the buckets of tier 1 are joined first, then tier by tier, in the order of their records', async () => {
  const tiers = Array.from({ length: 120 }, (_, i) => [4, undefined, 3, 2, 1][i % 5] as Tier | undefined);
  const { asked, failed } = await joined(backlog(tiers));
  const order = asked.map((modelId) => tiers[Number(modelId.slice(6))] ?? 4);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(asked).toHaveLength(120);
  expect(asked.slice(0, 3)).toEqual(['model-4', 'model-9', 'model-14']);
  expect(failed).toEqual([]);
});

it('a bucket that fails holds up no other, and its records come again', async () => {
  const { asked, failed } = await joined(backlog(Array(80).fill(1)), (modelId) => modelId === 'model-3');
  expect(asked).toHaveLength(80);
  expect(failed).toMatchObject([{ id: 'model-3', error: { message: 'throttled' } }]);
});
