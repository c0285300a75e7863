import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryJoinBuffer, type MemoryJoinBuffer } from '../../../shared/adapters/memory/memory-join-buffer.ts';
import { decodePaired, decodePerformance, decodeProfile } from '../../../shared/domain/ground-truth/aggregate-codec.ts';
import type { JoinEvent } from '../../../shared/domain/ground-truth/bucket-state.ts';
import { waitingOutcomes } from '../../../shared/domain/ground-truth/cursor.ts';
import type { PackedEvent } from '../../../shared/domain/ground-truth/records.ts';
import type { ServedModel } from '../../../shared/domain/ground-truth/served-model.ts';
import { createBucketCache } from '../../../shared/use-cases/ground-truth/bucket-cache.ts';
import { joinBucket } from '../../../shared/use-cases/ground-truth/join-bucket.ts';
import { type Crash, crashingBuffer } from './fixtures/crashing-buffer.ts';
import { at, joinEvent, observed, predicted, servedModel } from './fixtures/models.ts';
import { type OracleAggregates, oracleJoin } from './fixtures/oracle-join.ts';

const bucket = { modelId: 'late-live', bucket: 0 };
const now = at(900);

/** Some predictions over three hours, each with up to three outcomes, and outcomes of predictions that never come. */
function events(scores: fc.Arbitrary<number>, labels: fc.Arbitrary<number>): fc.Arbitrary<readonly PackedEvent[]> {
  const shadow = (modelVersion: number) => fc.record({ modelVersion: fc.constant(modelVersion), score: scores });
  const story = fc.record({
    minute: fc.integer({ min: 0, max: 179 }),
    isKnown: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    modelVersion: fc.constantFrom(1, 2),
    score: scores,
    shadows: fc.constantFrom<readonly number[]>([], [], [3], [3]).chain((all) => fc.tuple(...all.map(shadow))),
    rolloutId: fc.constantFrom(undefined, 'late-live-o1'),
    // Distinct moments: of one moment the first to arrive stays, which is another property.
    outcomes: fc.uniqueArray(
      fc.record({
        after: fc.oneof(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 601, max: 700 })),
        saysWhen: fc.boolean(),
        label: labels,
        businessValue: fc.constantFrom(undefined, 3, 7),
      }),
      { maxLength: 3, selector: ({ after }) => after },
    ),
  });
  return fc.array(story, { minLength: 1, maxLength: 10 }).map((stories) => stories.flatMap(eventsOfStory));
}

type Story = {
  readonly minute: number;
  readonly isKnown: boolean;
  readonly modelVersion: number;
  readonly score: number;
  readonly shadows: readonly { readonly modelVersion: number; readonly score: number }[];
  readonly rolloutId: string | undefined;
  readonly outcomes: readonly {
    readonly after: number;
    readonly saysWhen: boolean;
    readonly label: number;
    readonly businessValue: number | undefined;
  }[];
};

function eventsOfStory(story: Story, index: number): readonly PackedEvent[] {
  const { minute, modelVersion, score, rolloutId } = story;
  const id = `flight ${index}`;
  const predictedAt = at(minute);
  const shadows = [...story.shadows];
  const prediction = predicted(id, { predictedAt, modelVersion, score, shadows, ...(rolloutId && { rolloutId }) });
  const outcomes = story.outcomes.map(({ after, saysWhen, label, businessValue }) => {
    const { predictedAt: _, ...record } = observed(id, { observedAt: at(minute + after), label }).record as Extract<
      PackedEvent,
      { kind: 'outcome' }
    >['record'];
    const when = saysWhen ? { predictedAt } : {};
    return { kind: 'outcome', record: { ...record, ...when, ...(businessValue && { businessValue }) } } as const;
  });
  return story.isKnown ? [prediction, ...outcomes] : outcomes;
}

type Delivery = {
  readonly batches: readonly (readonly JoinEvent[])[];
  readonly crashes: readonly Crash[];
  /** Which of two warm functions takes each batch. */
  readonly takers: readonly number[];
};

/** The same events in another order, some twice, cut into records and these into batches, with crashes on the way. */
function deliveryOf(all: readonly PackedEvent[], isShuffled: boolean): fc.Arbitrary<Delivery> {
  const repeated = fc.subarray([...all]).map((some) => [...all, ...some]);
  const ordered = repeated.chain((events) =>
    isShuffled ? fc.shuffledSubarray(events, { minLength: events.length }) : fc.constant(events),
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 60, maxLength: 60 });
  const crash = fc.record({
    atCall: fc.integer({ min: 1, max: 40 }),
    kind: fc.constantFrom('lost' as const, 'unanswered' as const),
  });
  return fc
    .tuple(ordered, sizes, sizes, fc.uniqueArray(crash, { maxLength: 8, selector: ({ atCall }) => atCall }), sizes)
    .map(([events, recordSizes, batchSizes, crashes, takers]) => ({
      batches: cut(cut(events, recordSizes).map(asRecord), batchSizes).map((records) => records.flat()),
      crashes,
      takers: takers.map((size) => size % 2),
    }));
}

function cut<T>(items: readonly T[], sizes: readonly number[]): T[][] {
  const pieces: T[][] = [];
  for (let start = 0; start < items.length; start += pieces.at(-1)!.length) {
    pieces.push(items.slice(start, start + (sizes[pieces.length] ?? items.length)));
  }
  return pieces;
}

function asRecord(events: readonly PackedEvent[], i: number): readonly JoinEvent[] {
  return events.map((event, index) => joinEvent(event, now, String(1_000 + i), index));
}

/** Delivers every batch until it is taken, as a stream does. Two functions take turns, so their caches go stale. */
async function deliver(delivery: Delivery, model: ServedModel): Promise<MemoryJoinBuffer> {
  const buffer = createMemoryJoinBuffer();
  const crashing = crashingBuffer(buffer, delivery.crashes);
  const functions = [createBucketCache(), createBucketCache()];
  for (const [i, events] of delivery.batches.entries()) {
    const cache = functions[delivery.takers[i] ?? 0]!;
    await untilDone(() => joinBucket({ buffer: crashing, cache }, { bucket, model, events }));
    // Lambda delivers a batch again although it was done, when it did not hear of it.
    if (i % 3 === 0) await untilDone(() => joinBucket({ buffer: crashing, cache }, { bucket, model, events }));
  }
  return buffer;
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

function storedAggregates(buffer: MemoryJoinBuffer): Omit<OracleAggregates, 'attributed'> {
  const of = (kind: string) => buffer.stored().filter((item) => item.kind === kind);
  const keyOf = ({ hour, versions }: { hour: string; versions: string }) => `${hour} ${versions}`;
  return {
    profiles: Object.fromEntries(of('profile').map((item) => [keyOf(item), decodeProfile(item.data)])),
    performance: Object.fromEntries(
      of('performance').flatMap((item) =>
        decodePerformance(item.data).map(({ index, delays: _, ...point }) => {
          const from = Date.parse(`${item.hour}:00:00.000Z`) + index * 300_000;
          return [`${new Date(from).toISOString()} ${item.versions}`, point];
        }),
      ),
    ),
    paired: Object.fromEntries(of('paired').map((item) => [keyOf(item), decodePaired(item.data)])),
  };
}

const probability = fc.constantFrom(0, 0.1, 0.25, 0.5, 0.75, 1 / 3, 1);
const models = [
  { model: servedModel(), stories: events(probability, fc.constantFrom(0, 1)) },
  {
    model: servedModel({ taskType: 'regression' }),
    stories: events(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true })),
  },
];

describe.each(models)('the join of a $model.taskType model', ({ model, stories }) => {
  it('does not depend on order, repetition, batch cuts or crashes', async () => {
    const scenario = stories.chain((all) => fc.tuple(fc.constant(all), deliveryOf(all, true)));
    const law = fc.asyncProperty(scenario, async ([all, delivery]) => {
      const { attributed, ...expected } = oracleJoin(all, model);
      const buffer = await deliver(delivery, model);
      expect(storedAggregates(buffer)).toEqual(expected);
      const cursor = await buffer.cursor(bucket);
      expect(cursor.counters.attributed).toBe(attributed);
      expectEverythingCounted(delivery, cursor);
    });
    await fc.assert(law, { numRuns: 150 });
  });
});

type Cursor = Awaited<ReturnType<MemoryJoinBuffer['cursor']>>;

function expectEverythingCounted({ batches }: Delivery, cursor: Cursor): void {
  const delivered = (kind: string) => batches.flat().filter(({ event }) => event.kind === kind).length;
  const { predictions, duplicatePredictions, ...outcomes } = cursor.counters;
  const counted = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  expect(predictions + duplicatePredictions).toBe(delivered('prediction'));
  expect(counted + waitingOutcomes(cursor)).toBe(delivered('outcome'));
}

describe('of two contradicting outcomes of one moment', () => {
  it('the first in the stream stays, whatever is cut, repeated or crashes', async () => {
    const conflicting = fc.array(
      fc.record({ id: fc.constantFrom('a', 'b'), label: fc.constantFrom(0, 1), minute: fc.constantFrom(60, 90) }),
      { minLength: 1, maxLength: 12 },
    );
    const scenario = conflicting.chain((some) => {
      const outcomes = some.map(({ id, label, minute }) => observed(id, { label, observedAt: at(minute) }));
      const all = [predicted('a'), predicted('b'), ...outcomes];
      return fc.tuple(fc.constant(all), deliveryOf(all, false));
    });
    const law = fc.asyncProperty(scenario, async ([all, delivery]) => {
      const keyed = all.map((event): [string, PackedEvent] => {
        const { predictionId } = event.record;
        return [event.kind === 'outcome' ? `${predictionId} ${event.record.observedAt}` : predictionId, event];
      });
      // The last of a key wins in a map, so backwards it is the first.
      const firstOfEach = new Map(keyed.reverse());
      const { attributed: _, ...expected } = oracleJoin([...firstOfEach.values()], servedModel());
      expect(storedAggregates(await deliver(delivery, servedModel()))).toEqual(expected);
    });
    await fc.assert(law, { numRuns: 100 });
  });
});
