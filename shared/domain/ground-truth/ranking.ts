import type { Ranking } from './aggregates.ts';

/** Of all stretches together; undefined where none has a list. */
export function mergeRankings(parts: readonly Ranking[]): Ranking | undefined {
  if (parts.length === 0) return undefined;
  const sumOf = (name: keyof Ranking) => parts.reduce((sum, part) => sum + part[name], 0);
  return {
    lists: sumOf('lists'),
    judgedLists: sumOf('judgedLists'),
    hits: sumOf('hits'),
    sumNdcg: sumOf('sumNdcg'),
    sumRecall: sumOf('sumRecall'),
    sumPrecision: sumOf('sumPrecision'),
    sumAveragePrecision: sumOf('sumAveragePrecision'),
    sumReciprocalRank: sumOf('sumReciprocalRank'),
  };
}

/** Means over the judged lists, 0 to 1; null where there is none. */
export function rankingMetricsOf({ lists, judgedLists, hits, ...sums }: Ranking) {
  const mean = (sum: number) => (judgedLists === 0 ? null : sum / judgedLists);
  return {
    lists,
    judgedLists,
    ndcg10: mean(sums.sumNdcg),
    recall10: mean(sums.sumRecall),
    precision10: mean(sums.sumPrecision),
    map10: mean(sums.sumAveragePrecision),
    mrr10: mean(sums.sumReciprocalRank),
    hitRate10: mean(hits),
  };
}
