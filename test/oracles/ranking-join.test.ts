import { afterAll, describe, expect, it } from 'vitest';
import { createMemoryGroundTruthMetrics } from '../../shared/adapters/memory/memory-ground-truth-metrics.ts';
import { createMemoryJoinBuffer } from '../../shared/adapters/memory/memory-join-buffer.ts';
import { fnv1a } from '../../shared/domain/ground-truth/fnv1a.ts';
import { outcomeTypesOf } from '../../shared/domain/ground-truth/outcome-types.ts';
import { pointOf } from '../../shared/domain/ground-truth/performance-point.ts';
import { spanOfHour } from '../../shared/domain/ground-truth/performance-span.ts';
import { mergeRankings, rankingMetricsOf } from '../../shared/domain/ground-truth/ranking.ts';
import { bucketedId, type PackedEvent } from '../../shared/domain/ground-truth/records.ts';
import { dayMillis, hourMillis, toInstant, toMillis } from '../../shared/domain/time.ts';
import { createBucketCache } from '../../shared/use-cases/ground-truth/bucket-cache.ts';
import { joinBucket } from '../../shared/use-cases/ground-truth/join-bucket.ts';
import { type RawOutcome, type RawPrediction, startBatchEngine } from '../support/batch-engine.ts';
import { joinEvent, observed, predicted, servedModel } from '../unit/ground-truth/fixtures/models.ts';
import { Comparison } from './compare.ts';
import { hasOracles, type Json, readCsv, readJson } from './data.ts';
import { type ListedUser, listedUsers } from './listed-users.ts';

const engine = await startBatchEngine();
afterAll(() => engine.stop());

const seconds = 1_000;
/** Ratings 0..10 are grades 0..5. */
const gradeScale = 2;
const batchSize = 500;
const versions = { svd: 1, pop: 2 } as const;
const kinds = ['binary', 'regression'] as const;
type Label = (rating: number) => number | undefined;

/** Lists with the labels of their users' items, in no order, through the join and back out of what it stored. */
async function joinedRanking(byVersion: ReadonlyMap<number, readonly ListedUser[]>, labelOf: Label, taskType: Kind) {
  const users = [...byVersion.values()].flat();
  const times = users.flatMap(({ listedAt, ratedAt }) => [listedAt, ...ratedAt.values()]);
  const [first, now] = [Math.min(...times) * seconds, toInstant(Math.max(...times) * seconds)];
  const model = servedModel({ taskType, attributionWindowMinutes: 90 * 1_440 });
  const events = [...byVersion].flatMap(([version, some]) => some.flatMap((user) => eventsOf(user, version, labelOf)));
  const disordered = events.toSorted((a, b) => hashOf(a) - hashOf(b));
  const buffer = createMemoryJoinBuffer();
  const joining = { buffer, cache: createBucketCache() };
  const bucket = { modelId: model.modelId, bucket: 0 };
  for (let start = 0; start < events.length; start += batchSize) {
    const some = disordered.slice(start, start + batchSize);
    const positioned = some.map((event, index) => joinEvent(event, now, String(start), index));
    await joinBucket(joining, { bucket, model, events: positioned });
  }
  const window = { from: toInstant(Math.floor(first / hourMillis) * hourMillis), to: toInstant(first + dayMillis) };
  const metrics = createMemoryGroundTruthMetrics(buffer);
  return async (version: number) => {
    const hours = await metrics.hourlyPerformance({ modelId: model.modelId, version, ...window });
    const [type] = model.outcomeTypes;
    const facts = { taskType, type: type!, now: Date.parse(now), delays: undefined, minimumCoverageRatio: 0 };
    return pointOf(hours.map(spanOfHour), facts).ranking;
  };
}

type Kind = (typeof kinds)[number];

/** The same lists and labels through the SQL of the batch join, each day on its own. */
async function batchRanking(byVersion: ReadonlyMap<number, readonly ListedUser[]>, labelOf: Label, taskType: Kind) {
  const events = [...byVersion].flatMap(([version, some]) => some.flatMap((user) => eventsOf(user, version, labelOf)));
  const [modelId, attributionWindowMinutes] = ['late-live', 90 * 1_440];
  const models = [{ modelId, outcomeTypes: outcomeTypesOf({ taskType, attributionWindowMinutes }) }];
  const raw = { predictions: [] as RawPrediction[], outcomes: [] as RawOutcome[] };
  const times: number[] = [];
  for (const [place, { kind, record }] of events.entries()) {
    const position = `shard#${String(place).padStart(9, '0')}`;
    if (kind === 'prediction') {
      times.push(toMillis(record.predictedAt));
      raw.predictions.push({ ...record, position, arrivedAt: toMillis(record.predictedAt) });
    } else if (kind === 'outcome') {
      raw.outcomes.push({ ...record, position, arrivedAt: toMillis(record.observedAt) });
    }
  }
  const from = Math.floor(Math.min(...times) / dayMillis) * dayMillis;
  const to = Math.max(...times) + 1;
  await engine.load(models, raw);
  const metrics = await engine.join({ models, from, to, cutoff: to + 200 * dayMillis });
  return (version: number) => {
    const own = metrics.filter(({ versions }) => versions === String(version));
    const ranking = mergeRankings(own.flatMap(({ day }) => day.ranking ?? []));
    return ranking && rankingMetricsOf(ranking);
  };
}

function eventsOf({ listId, listedAt, items, ratings, ratedAt }: ListedUser, modelVersion: number, labelOf: Label) {
  const predictedAt = toInstant(listedAt * seconds);
  const list = items.map((itemId, i) => ({ itemId, score: 1 / (i + 1) }));
  const outcomes = [...ratings].flatMap(([itemId, rating]): PackedEvent[] => {
    const label = labelOf(rating);
    const observedAt = toInstant(ratedAt.get(itemId)! * seconds);
    return label === undefined ? [] : [observed(listId, { predictedAt, observedAt, itemId, label })];
  });
  return [predicted(listId, { modelVersion, predictedAt, items: list, score: 1 }), ...outcomes];
}

function hashOf(event: PackedEvent): number {
  return fnv1a(`${event.kind} ${bucketedId(event)} ${'itemId' in event.record ? event.record.itemId : ''}`);
}

describe.skipIf(!hasOracles)('lists through the join of the stream and of the batch', () => {
  it.each(kinds)('have the figures of the oracles: movietweetings as a %s model', async (kind) => {
    const { ranking, relevanceThreshold } = readJson('movietweetings/oracle.json');
    const ratings = readCsv('movietweetings/data.csv.gz');
    const lists = readCsv('movietweetings/recommendations.csv.gz');
    const isRelevant = (rating: number) => rating >= relevanceThreshold;
    const labelOf: Label =
      kind === 'binary' ? (rating) => (isRelevant(rating) ? 1 : undefined) : (rating) => rating / gradeScale;
    const comparison = new Comparison(`movietweetings lists joined, ${kind}`);
    for (const [window, expected] of Object.entries<Json>(ranking.windows)) {
      const byVersion = new Map(
        Object.entries(versions).map(([model, version]) => {
          const own = lists.filter((row) => row.window === window && row.model === model);
          // The oracles judge users who liked something.
          const users = listedUsers(own, ratings, window);
          const judged = users.filter((user) => [...user.ratings.values()].some(isRelevant));
          return [version, kind === 'binary' ? users : judged] as const;
        }),
      );
      const rankingOf = await joinedRanking(byVersion, labelOf, kind);
      const batchRankingOf = await batchRanking(byVersion, labelOf, kind);
      for (const [model, version] of Object.entries(versions)) {
        const { users, ndcg10Binary, ndcg10Graded, recall10, precision10, hitRate10, mrr10, map10 } = expected[model];
        const figures =
          kind === 'binary'
            ? { ndcg10: ndcg10Binary, recall10, precision10, hitRate10, mrr10, map10 }
            : { ndcg10: ndcg10Graded };
        const expectedOf = { judgedLists: users, ...figures };
        comparison.case(`${window}.${model}`, expectedOf, await rankingOf(version));
        comparison.case(`${window}.${model}, batch`, expectedOf, batchRankingOf(version));
      }
    }
    comparison.finish();
    expect(comparison.tally.cases).toBe(16);
  });
});
