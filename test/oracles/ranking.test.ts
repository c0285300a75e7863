import { describe, it } from 'vitest';
import {
  averagePrecisionAt,
  hitRateAt,
  normalizedDiscountedGain,
  precisionAt,
  type RankedList,
  recallAt,
  reciprocalRankAt,
} from '../../shared/domain/health/statistics/ranking-metrics.ts';
import { Comparison } from './compare.ts';
import { hasOracles, type Json, readCsv, readJson, type Table } from './data.ts';
import { type ListedUser, listedUsers } from './listed-users.ts';

const k = 10;
/** Ratings 0..10 are grades 0..5. */
const gradeScale = 2;

describe.skipIf(!hasOracles)('ranking figures agree with the oracles', () => {
  it('of movietweetings', () => {
    const { ranking, relevanceThreshold, catalogueSize } = readJson('movietweetings/oracle.json');
    const ratings = readCsv('movietweetings/data.csv.gz');
    const lists = readCsv('movietweetings/recommendations.csv.gz');
    const catalogue = mostRated(ratings, catalogueSize);
    const comparison = new Comparison('movietweetings ranking', 'public');
    for (const [window, expected] of Object.entries<Json>(ranking.windows)) {
      for (const model of ['svd', 'pop']) {
        const own = lists.filter((row) => row.window === window && row.model === model);
        const users = listedUsers(own, ratings, window);
        const { [model]: figures, relevantItemsOutsideCatalogueShare } = expected;
        comparison.case(
          `${window}.${model}`,
          { ...figures, relevantItemsOutsideCatalogueShare },
          {
            ...rankingFigures(users, relevanceThreshold, catalogueSize),
            relevantItemsOutsideCatalogueShare: outsideShare(users, relevanceThreshold, catalogue),
          },
        );
      }
    }
    comparison.finish();
  });
});

function rankingFigures(all: readonly ListedUser[], threshold: number, catalogueSize: number) {
  const users = all.filter(({ ratings }) => [...ratings.values()].some((rating) => rating >= threshold));
  const lists = users.map((user) => rankedList(user, threshold));
  const meanOf = (figures: readonly { readonly value: number | null }[]) =>
    figures.reduce((sum, { value }) => sum + (value ?? Number.NaN), 0) / figures.length;
  const over = (metric: (list: RankedList, at: number) => { readonly value: number | null }) =>
    meanOf(lists.map((list) => metric(list, k)));
  return {
    users: users.length,
    ndcg10Binary: meanOf(
      lists.map(({ hits, relevant }) =>
        normalizedDiscountedGain(
          hits,
          Array.from({ length: relevant }, () => 1),
          k,
        ),
      ),
    ),
    ndcg10Graded: meanOf(users.map(gradedGain)),
    recall10: over(recallAt),
    precision10: over(precisionAt),
    hitRate10: over(hitRateAt),
    mrr10: over(reciprocalRankAt),
    map10: over(averagePrecisionAt),
    catalogueCoverage10: new Set(users.flatMap(({ items }) => items)).size / catalogueSize,
  };
}

function rankedList({ items, ratings }: ListedUser, threshold: number): RankedList {
  const isRelevant = (item: string) => (ratings.get(item) ?? -1) >= threshold;
  return {
    hits: items.map((item) => (isRelevant(item) ? 1 : 0)),
    relevant: [...ratings.keys()].filter(isRelevant).length,
  };
}

function gradedGain({ items, ratings }: ListedUser) {
  const gain = (rating: number) => 2 ** (rating / gradeScale) - 1;
  return normalizedDiscountedGain(
    items.map((item) => gain(ratings.get(item) ?? 0)),
    [...ratings.values()].map(gain),
    k,
  );
}

function outsideShare(users: readonly ListedUser[], threshold: number, catalogue: ReadonlySet<string>): number {
  const relevant = users.flatMap(({ ratings }) => [...ratings].filter(([, rating]) => rating >= threshold));
  return relevant.filter(([item]) => !catalogue.has(item)).length / relevant.length;
}

function mostRated(rows: Table, count: number): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { item = '', window } of rows) if (window === 'train') counts.set(item, (counts.get(item) ?? 0) + 1);
  return new Set(
    [...counts]
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
      .slice(0, count)
      .map(([item]) => item),
  );
}
