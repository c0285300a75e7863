import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { BatchModel } from '../../shared/domain/ground-truth/batch/batch-model.ts';
import type { BatchPoint, DayMetrics } from '../../shared/domain/ground-truth/batch/metric-rows.ts';
import type { OutcomeType } from '../../shared/domain/ground-truth/outcome-types.ts';
import type { PackedEvent } from '../../shared/domain/ground-truth/records.ts';
import { dayMillis, hourMillis, minuteMillis, toInstant } from '../../shared/domain/time.ts';
import { type RawOutcome, type RawPrediction, startBatchEngine } from '../support/batch-engine.ts';
import { naiveBatch, type Raw } from '../support/naive-batch.ts';
import { outcome, predicted, servedModel } from '../unit/ground-truth/fixtures/models.ts';
import { oracleOfEvents } from '../unit/ground-truth/fixtures/oracle-join.ts';

const engine = await startBatchEngine();
afterAll(() => engine.stop());

const firstDay = Date.parse('2026-01-05T00:00:00.000Z');
const scope = { from: firstDay, to: firstDay + 3 * dayMillis };
const cutoff = firstDay + 40 * dayMillis;

const score = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const windows = fc.constantFrom(30, 600, 1_440, 2_880);

const outcomeTypes: fc.Arbitrary<readonly OutcomeType[]> = fc
  .tuple(
    fc.record({
      name: fc.constant('click'),
      kind: fc.constant('binary' as const),
      attributionWindowMinutes: windows,
      provenance: fc.constant('exact' as const),
      imputedLabel: fc.constantFrom(undefined, 0),
    }),
    fc.record({
      name: fc.constant('watch-hours'),
      kind: fc.constant('numeric' as const),
      attributionWindowMinutes: windows,
      provenance: fc.constant('proxy' as const),
      imputedLabel: fc.constantFrom(undefined, 0.25),
    }),
  )
  .map((types) =>
    types.map(({ imputedLabel, ...type }) => ({ ...type, ...(imputedLabel !== undefined && { imputedLabel }) })),
  );

const anyOutcome = fc.record({
  // From a minute before to beyond every window; on the minute, so that moments and bounds are met.
  minutesAfter: fc.oneof(
    fc.integer({ min: -1, max: 90 }),
    fc.integer({ min: 0, max: 3_000 }),
    fc.constantFrom(30, 600, 1_440, 2_880),
  ),
  arrivesAfter: fc.oneof(fc.integer({ min: 0, max: 600 }), fc.constantFrom(0, 1, 10 * 1_440, 30 * 1_440)),
  saysWhen: fc.boolean(),
  outcomeType: fc.constantFrom(undefined, 'click', 'watch-hours', 'unknown'),
  itemId: fc.constantFrom(undefined, undefined, undefined, 'first', 'second'),
  label: fc.constantFrom(0, 1),
  writer: fc.constantFrom('flights/serving', 'flights/other'),
  isTwice: fc.boolean(),
});

const prediction = fc.record({
  id: fc.constantFrom('one', 'two', 'three', 'a', 'b', 'c', 'd'),
  minute: fc.oneof(fc.integer({ min: 0, max: 3 * 1_440 - 1 }), fc.integer({ min: 0, max: 130 })),
  score,
  modelVersion: fc.constantFrom(1, 2),
  samplingRatio: fc.constantFrom(undefined, 0.5, 0.1),
  isInSample: fc.boolean(),
  segments: fc.constantFrom(undefined, [], ['west'], ['east_coast', 'west']),
  isTwice: fc.boolean(),
  outcomes: fc.array(anyOutcome, { maxLength: 4 }),
});

const story = fc.record({
  outcomeTypes,
  distrusted: fc.constantFrom(undefined, [{ writer: 'flights/other', from: firstDay + dayMillis }]),
  predictions: fc.array(prediction, { minLength: 1, maxLength: 12 }),
  /** Positions are drawn from here, so that the order of arrival is any. */
  shuffle: fc.infiniteStream(fc.integer({ min: 0, max: 999_999 })),
});

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

function rawOf(modelId: string, { predictions, shuffle }: Story): Raw {
  let last = 0;
  const position = () => {
    last += 1;
    return `shardId-000000000001#${String(shuffle.next().value).padStart(56, '0')}#${String(last).padStart(6, '0')}`;
  };
  const raw = { predictions: [] as RawPrediction[], outcomes: [] as RawOutcome[] };
  for (const { id, minute, outcomes, isTwice, samplingRatio, segments, ...rest } of predictions) {
    const predictedAt = firstDay + minute * minuteMillis;
    const row: RawPrediction = {
      modelId,
      predictionId: id,
      predictedAt: toInstant(predictedAt),
      features: {},
      ...rest,
      ...(samplingRatio !== undefined && { samplingRatio }),
      ...(segments !== undefined && { segments }),
      arrivedAt: predictedAt + 1_500,
      position: position(),
    };
    raw.predictions.push(row, ...(isTwice ? [row] : []));
    for (const { minutesAfter, arrivesAfter, saysWhen, outcomeType, itemId, isTwice: again, ...fixed } of outcomes) {
      const observedAt = predictedAt + minutesAfter * minuteMillis;
      const given: RawOutcome = {
        modelId,
        predictionId: id,
        observedAt: toInstant(observedAt),
        ...fixed,
        ...(saysWhen && { predictedAt: toInstant(predictedAt) }),
        ...(outcomeType && { outcomeType }),
        ...(itemId && { itemId }),
        arrivedAt: observedAt + arrivesAfter * minuteMillis,
        position: position(),
      };
      raw.outcomes.push(given, ...(again ? [given] : []));
    }
  }
  return raw;
}

function pointsOf(metrics: readonly DayMetrics[]): Map<string, Omit<BatchPoint, 'index'>> {
  return new Map(
    metrics.flatMap(({ modelId, versions, date, hours }) =>
      hours.flatMap(({ hour, points }) =>
        points.map(
          ({ index, ...point }) =>
            [
              `${modelId} ${versions} ${toInstant(Date.parse(date) + hour * hourMillis + index * 5 * minuteMillis)}`,
              point,
            ] as const,
        ),
      ),
    ),
  );
}

/** Counts exactly, sums of fractions to 1e-9. */
function expectSame(actual: ReadonlyMap<string, unknown>, expected: ReadonlyMap<string, unknown>): void {
  expect([...actual.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
  for (const [key, value] of expected) expect(actual.get(key), key).toEqual(nearly(value));
}

function nearly(value: unknown, name = ''): unknown {
  if (typeof value === 'number') return /^sum|^served$/.test(name) ? expect.closeTo(value, 9) : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, nearly(held, key)]));
}

it('equals a naive loop, for every disorder of many models at once', async () => {
  const law = fc.asyncProperty(fc.array(story, { minLength: 1, maxLength: 40 }), async (stories) => {
    const models: readonly BatchModel[] = stories.map(({ outcomeTypes: types, distrusted }, i) => ({
      modelId: `model-${i}`,
      outcomeTypes: types,
      ...(distrusted && { distrusted }),
    }));
    const raws = stories.map((each, i) => rawOf(`model-${i}`, each));
    const raw = {
      predictions: raws.flatMap((each) => each.predictions),
      outcomes: raws.flatMap((each) => each.outcomes),
    };
    await engine.load(models, raw);
    const metrics = await engine.join({ models, ...scope, cutoff });
    expectSame(pointsOf(metrics), naiveBatch(models, raw, cutoff));
  });
  await fc.assert(law, { numRuns: 8, endOnFailure: true });
}, 60_000);

const flight = fc.record({
  minute: fc.integer({ min: 0, max: 1_439 }),
  modelVersion: fc.constantFrom(1, 2),
  score,
  outcomes: fc.uniqueArray(
    fc.record({ after: fc.integer({ min: 0, max: 700 }), saysWhen: fc.boolean(), label: fc.constantFrom(0, 1) }),
    { maxLength: 3, selector: ({ after }) => after },
  ),
});

it('equals the oracle that the join of the stream is held against', async () => {
  const served = servedModel();
  const law = fc.asyncProperty(fc.array(flight, { minLength: 1, maxLength: 60 }), async (flights) => {
    const events: PackedEvent[] = flights.flatMap(({ minute, modelVersion, score: given, outcomes }, i) => {
      const predictedAt = toInstant(firstDay + minute * minuteMillis);
      return [
        predicted(`flight ${i}`, { predictedAt, modelVersion, score: given }),
        ...outcomes.map(({ after, saysWhen, label }): PackedEvent => {
          const { predictedAt: _, ...record } = outcome(`flight ${i}`, {
            label,
            observedAt: toInstant(firstDay + (minute + after) * minuteMillis),
          });
          return { kind: 'outcome', record: { ...record, ...(saysWhen && { predictedAt }) } };
        }),
      ];
    });
    const raw = {
      predictions: events.flatMap((event, i) =>
        event.kind === 'prediction' ? [{ ...event.record, ...arrival(i) }] : [],
      ),
      outcomes: events.flatMap((event, i) => (event.kind === 'outcome' ? [{ ...event.record, ...arrival(i) }] : [])),
    };
    await engine.load([served], raw);
    const metrics = await engine.join({ models: [served], ...scope, cutoff });
    const points = [...pointsOf(metrics)].map(([key, { predictions, performance }]) => {
      const [, version, at] = key.split(' ');
      return [`${at} ${version}`, { predictions, performance }] as const;
    });
    expectSame(new Map(points), new Map(Object.entries(oracleOfEvents(events, served).performance)));
  });
  await fc.assert(law, { numRuns: 8, endOnFailure: true });
}, 60_000);

function arrival(index: number) {
  return { arrivedAt: firstDay + 2 * dayMillis, position: String(index).padStart(9, '0') };
}
