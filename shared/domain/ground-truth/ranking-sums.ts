import type { Ranking } from './aggregates.ts';
import { addExactly, type ExactSum, valueOfSum } from './exact-sum.ts';
import type { ListJudgement } from './ranked-list.ts';

/** Sums over lists, from which one can be taken away as exactly as it was added. */
export type RankingSums = {
  lists: number;
  judgedLists: number;
  hits: number;
  readonly ndcg: ExactSum;
  readonly recall: ExactSum;
  readonly precision: ExactSum;
  readonly averagePrecision: ExactSum;
  readonly reciprocalRank: ExactSum;
};

const summed = ['ndcg', 'recall', 'precision', 'averagePrecision', 'reciprocalRank'] as const;

export function emptyRankingSums(): RankingSums {
  return {
    lists: 0,
    judgedLists: 0,
    hits: 0,
    ndcg: [],
    recall: [],
    precision: [],
    averagePrecision: [],
    reciprocalRank: [],
  };
}

export function copyOfRankingSums({ lists, judgedLists, hits, ...sums }: RankingSums): RankingSums {
  return {
    lists,
    judgedLists,
    hits,
    ndcg: [...sums.ndcg],
    recall: [...sums.recall],
    precision: [...sums.precision],
    averagePrecision: [...sums.averagePrecision],
    reciprocalRank: [...sums.reciprocalRank],
  };
}

/** `times`: 1 adds the list, -1 takes it away. Changes the sums. */
export function addToRanking(sums: RankingSums, judgement: ListJudgement, times: 1 | -1): void {
  sums.lists += times;
  if (judgement === 'no-relevant-item') return;
  sums.judgedLists += times;
  sums.hits += times * judgement.hit;
  for (const name of summed) addExactly(sums[name], times * judgement[name]);
}

export function rankingOfSums(sums: RankingSums): Ranking {
  return {
    lists: sums.lists,
    judgedLists: sums.judgedLists,
    hits: sums.hits,
    sumNdcg: valueOfSum(sums.ndcg),
    sumRecall: valueOfSum(sums.recall),
    sumPrecision: valueOfSum(sums.precision),
    sumAveragePrecision: valueOfSum(sums.averagePrecision),
    sumReciprocalRank: valueOfSum(sums.reciprocalRank),
  };
}
