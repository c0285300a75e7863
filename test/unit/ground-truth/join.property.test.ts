import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createMemoryJoinBuffer, type MemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import { decodePaired, decodePerformance, decodeProfile } from '../../../shared/domain/ground-truth/aggregate-codec.ts';
import type { OutcomeConflict } from '../../../shared/domain/ground-truth/bucket-state.ts';
import { type Cursor, waitingOutcomes } from '../../../shared/domain/ground-truth/cursor.ts';
import type { OutcomeType } from '../../../shared/domain/ground-truth/outcome-types.ts';
import type { ServedModel } from '../../../shared/domain/ground-truth/served-model.ts';
import { createBucketCache } from '../../../shared/use-cases/ground-truth/bucket-cache.ts';
import { joinBucket } from '../../../shared/use-cases/ground-truth/join-bucket.ts';
import { restateBucket } from '../../../shared/use-cases/ground-truth/restate-bucket.ts';
import { crashingBuffer } from './fixtures/crashing-buffer.ts';
import { type Delivery, disorderedStream } from './fixtures/disordered-streams.ts';
import { at, baselineOf, servedModel } from './fixtures/models.ts';
import { type OracleAggregates, oracleJoin } from './fixtures/oracle-join.ts';

const numRuns = Number(process.env.RUNWAY_JOIN_RUNS ?? 150);
const seed = Number(process.env.RUNWAY_JOIN_SEED ?? 20_010_122);
afterAll(() => console.info(`join: ${models.length} models, ${numRuns} schedules each, seed ${seed}`));

const bucket = { modelId: 'late-live', bucket: 0 };
const segments = [
  { name: 'new-york', feature: 'origin', values: ['JFK'] },
  { name: 'coasts', feature: 'origin', values: ['JFK', 'LAX'] },
];

function modelOf(taskType: ServedModel['taskType'], change: Partial<ServedModel> = {}): ServedModel {
  const kind = taskType === 'binary' ? 'binary' : 'numeric';
  const outcomeTypes: readonly OutcomeType[] = [
    { name: 'label', kind, attributionWindowMinutes: 600, provenance: 'exact' },
    { name: 'click', kind: 'binary', attributionWindowMinutes: 60, provenance: 'proxy', imputedLabel: 0 },
    { name: 'hours', kind: 'numeric', attributionWindowMinutes: 900, provenance: 'exact' },
  ];
  const { versions } = servedModel({ taskType });
  const withSegments = [...versions].map(([version, served]) => {
    const baseline = { ...baselineOf('late-live', version, taskType), segments };
    return [version, { ...served, baseline }] as const;
  });
  return servedModel({ taskType, outcomeTypes, versions: new Map(withSegments), ...change });
}

const distrusted = [{ writer: 'flights/tower', from: Date.parse(at(1_300)) + 40_000 }];
const models = [
  { name: 'a binary model', model: modelOf('binary') },
  { name: 'a regression model', model: modelOf('regression') },
  { name: 'a model with a speed window', model: modelOf('binary', { speedWindowMinutes: 300 }) },
  { name: 'a model with a distrusted writer', model: modelOf('binary', { distrusted }) },
] as const;

/** Delivers every batch until it is taken, as a stream does. Functions take turns, so their caches go stale. */
async function deliver(delivery: Delivery, model: ServedModel) {
  const buffer = createMemoryJoinBuffer();
  const crashing = crashingBuffer(buffer, delivery.crashes);
  const audited = new Map<string, OutcomeConflict>();
  const audit = async (_: unknown, conflicts: readonly OutcomeConflict[]) => {
    for (const conflict of conflicts) audited.set(JSON.stringify([conflict.position, conflict.next]), conflict);
  };
  const warm = [createBucketCache(), createBucketCache()];
  for (const [i, events] of delivery.batches.entries()) {
    // The third function is always cold.
    const cache = warm[delivery.takers[i] ?? 0] ?? createBucketCache();
    const work = () => joinBucket({ buffer: crashing, cache, audit }, { bucket, model, events });
    await untilDone(work);
    // Lambda delivers a batch again although it was done, when it did not hear of it.
    if (i % 3 === 0) await untilDone(work);
  }
  return { buffer, audited };
}

async function untilDone(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt > 50) throw error;
    }
  }
}

function storedAggregates(buffer: MemoryJoinBuffer): OracleAggregates {
  const of = (kind: string) => buffer.stored().filter((item) => item.kind === kind);
  const keyOf = ({ hour, versions }: { hour: string; versions: string }) => `${hour} ${versions}`;
  return {
    profiles: Object.fromEntries(of('profile').map((item) => [keyOf(item), decodeProfile(item.data)])),
    performance: Object.fromEntries(
      of('performance').flatMap((item) =>
        decodePerformance(item.data).map(({ index, ...point }) => {
          const from = Date.parse(`${item.hour}:00:00.000Z`) + index * 300_000;
          return [`${new Date(from).toISOString()} ${item.versions}`, point];
        }),
      ),
    ),
    paired: Object.fromEntries(
      of('paired')
        .map((item) => [keyOf(item), decodePaired(item.data)] as const)
        // Of a pair whose labels were all taken back, nothing is left but that.
        .filter(([, { n }]) => n > 0),
    ),
  };
}

function expectEverythingCounted({ batches }: Delivery, cursor: Cursor, audited: number): void {
  const delivered = (kind: string) => batches.flat().filter(({ event }) => event.kind === kind).length;
  const { predictions, duplicatePredictions, ...outcomes } = cursor.counters;
  const counted = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  expect(predictions + duplicatePredictions).toBe(delivered('prediction'));
  expect(waitingOutcomes(cursor)).toBe(0);
  expect(counted).toBe(delivered('outcome'));
  // A commit that is refused may have told of one that was none, in view of what it had missed.
  expect(audited).toBeGreaterThanOrEqual(outcomes.conflictingOutcomes);
}

describe.each(models)('the join of $name', ({ model }) => {
  it('says what a loop over everything says, whatever is disordered, repeated, cut or crashes', async () => {
    const law = fc.asyncProperty(disorderedStream(model), async (delivery) => {
      const { buffer, audited } = await deliver(delivery, model);
      expect(storedAggregates(buffer)).toEqual(oracleJoin(delivery.batches.flat(), model));
      expectEverythingCounted(delivery, await buffer.cursor(bucket), audited.size);
    });
    await fc.assert(law, { numRuns, seed, endOnFailure: true });
  });
});

describe('a writer that is distrusted afterwards', () => {
  it('is left out of restated hours as if it had never been heard', async () => {
    const before = modelOf('binary');
    const after = modelOf('binary', { distrusted: [{ writer: 'flights/tower' }] });
    const law = fc.asyncProperty(disorderedStream(before), async (delivery) => {
      const { buffer } = await deliver(delivery, before);
      const hours = new Set(buffer.stored().map(({ hour }) => hour));
      const restate = (model: ServedModel) =>
        restateBucket(buffer, { bucket, model, hours: [...hours], now: at(1_500) });
      await restate(after);
      expect(storedAggregates(buffer)).toEqual(oracleJoin(delivery.batches.flat(), after));
      await restate(before);
      expect(storedAggregates(buffer)).toEqual(oracleJoin(delivery.batches.flat(), before));
    });
    await fc.assert(law, { numRuns, seed, endOnFailure: true });
  });
});
