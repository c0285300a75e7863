import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import type { Ranking } from '../../shared/domain/ground-truth/aggregates.ts';
import type { BatchModel } from '../../shared/domain/ground-truth/batch/batch-model.ts';
import { dayMillis, minuteMillis, toInstant } from '../../shared/domain/time.ts';
import { type RawOutcome, type RawPrediction, startBatchEngine } from '../support/batch-engine.ts';
import { type LabelledList, rankingOfLists } from '../unit/ground-truth/fixtures/oracle-ranking.ts';

const engine = await startBatchEngine();
afterAll(() => engine.stop());

const firstDay = Date.parse('2026-01-05T00:00:00.000Z');
const itemIds = ['a', 'b', 'c', 'ä ✈', 'with "quotes"', 'back\\slash', 'both \\"', "l'une", '7', '8', '9', '10', '11'];
const item = fc.constantFrom(...itemIds);

const list = fc.record({
  minute: fc.integer({ min: 0, max: 30 }),
  modelVersion: fc.constantFrom(1, 2),
  segments: fc.constantFrom(undefined, ['west'], ['east_coast', 'west']),
  isInSample: fc.boolean(),
  /** None: a prediction without a list. */
  items: fc.option(fc.array(item, { minLength: 1, maxLength: 14 }), { nil: undefined }),
  /** The last word of an item counts. */
  said: fc.array(fc.record({ item, label: fc.integer({ min: 0, max: 4 }) }), { maxLength: 16 }),
});
type List = typeof list extends fc.Arbitrary<infer L> ? L : never;

const outcomeType = { attributionWindowMinutes: 1_440, provenance: 'exact' } as const;

it.each(['binary', 'numeric'] as const)(
  'lists of a %s type are judged as by the definitions',
  async (kind) => {
    const law = fc.asyncProperty(fc.array(list, { minLength: 1, maxLength: 40 }), async (lists) => {
      const models: readonly BatchModel[] = [
        { modelId: 'films', outcomeTypes: [{ name: 'rating', kind, ...outcomeType }] },
      ];
      const labelOf = (grade: number) => (kind === 'binary' ? Math.min(grade, 1) : grade / 2);
      await engine.load(models, {
        predictions: lists.map((each, i) => predictionOf(each, i)),
        outcomes: lists.flatMap((each, i) => outcomesOf(each, i, labelOf)),
      });
      const scope = { models, from: firstDay, to: firstDay + dayMillis, cutoff: firstDay + 20 * dayMillis };
      const metrics = await engine.join(scope);
      const found = new Map(metrics.flatMap(({ versions, day }) => (day.ranking ? [[versions, day.ranking]] : [])));
      const expected = oracle(lists, labelOf, kind);
      expect([...found.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
      for (const [versions, ranking] of expected) expect(found.get(versions), versions).toEqual(nearly(ranking));
    });
    await fc.assert(law, { numRuns: 8, endOnFailure: true });
  },
  60_000,
);

const arrival = (at: number, place: string) => ({ arrivedAt: at + 1_000, position: `shard#${place}` });

function predictionOf({ minute, modelVersion, segments, isInSample, items }: List, i: number): RawPrediction {
  const at = firstDay + minute * minuteMillis;
  return {
    modelId: 'films',
    predictionId: `list ${i}`,
    modelVersion,
    predictedAt: toInstant(at),
    features: {},
    score: 1,
    isInSample,
    ...(segments && { segments }),
    ...(items && { items: items.map((itemId, place) => ({ itemId, score: 1 / (place + 1) })) }),
    ...arrival(at, `p${i}`),
  };
}

function outcomesOf({ minute, said }: List, i: number, labelOf: (grade: number) => number): readonly RawOutcome[] {
  return said.map(({ item: itemId, label }, k) => {
    const predictedAt = firstDay + minute * minuteMillis;
    const at = predictedAt + (k + 1) * minuteMillis;
    return {
      modelId: 'films',
      predictionId: `list ${i}`,
      predictedAt: toInstant(predictedAt),
      observedAt: toInstant(at),
      itemId,
      label: labelOf(label),
      ...arrival(at, `o${i} ${String(k).padStart(3, '0')}`),
    };
  });
}

function oracle(lists: readonly List[], labelOf: (grade: number) => number, kind: 'binary' | 'numeric') {
  const byVersions = new Map<string, LabelledList[]>();
  for (const { modelVersion, segments = [], isInSample, items, said } of lists) {
    if (items === undefined) continue;
    const labels = new Map(said.map((each) => [each.item, labelOf(each.label)]));
    const keys = [...(isInSample ? [String(modelVersion)] : []), ...segments.map((name) => `${modelVersion}@${name}`)];
    for (const key of keys) byVersions.set(key, [...(byVersions.get(key) ?? []), { itemIds: items, labels }]);
  }
  return new Map([...byVersions].map(([key, own]) => [key, rankingOfLists(own, kind)!]));
}

function nearly(ranking: Ranking): object {
  return Object.fromEntries(
    Object.entries(ranking).map(([name, value]) => [name, name.startsWith('sum') ? expect.closeTo(value, 9) : value]),
  );
}
