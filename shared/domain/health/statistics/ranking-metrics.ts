import { finiteStatistic, type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

type Statistic = { readonly value: number } | UndefinedStatistic;

/** Relevance of the listed items in rank order, 1 or 0, and how many relevant items there are at all. */
export type RankedList = { readonly hits: readonly (0 | 1)[]; readonly relevant: number };

const noRelevant = undefinedStatistic('no relevant item');

/**
 * Normalized discounted cumulative gain Σ gain / log₂(rank + 1) over the best possible (Järvelin & Kekäläinen 2002).
 * `gains` in rank order; `possibleGains` of every item that could have been listed, in any order. For binary relevance
 * gains are 0 and 1, for graded ones 2^grade - 1 (Burges et al. 2005).
 */
export function normalizedDiscountedGain(
  gains: readonly number[],
  possibleGains: readonly number[],
  k: number,
): Statistic {
  const ideal = discounted([...possibleGains].sort((a, b) => b - a).slice(0, k));
  return ideal === 0 ? noRelevant : finiteStatistic(discounted(gains.slice(0, k)) / ideal);
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
}

/** Share of the relevant items that are among the first k. */
export function recallAt({ hits, relevant }: RankedList, k: number): Statistic {
  return relevant === 0 ? noRelevant : { value: hitsAt(hits, k) / relevant };
}

/** Share of the k places that hold a relevant item; places that the list leaves empty count. */
export function precisionAt({ hits }: RankedList, k: number): Statistic {
  return k === 0 ? undefinedStatistic('no place') : { value: hitsAt(hits, k) / k };
}

/** 1 when a relevant item is among the first k. */
export function hitRateAt({ hits, relevant }: RankedList, k: number): Statistic {
  return relevant === 0 ? noRelevant : { value: hitsAt(hits, k) > 0 ? 1 : 0 };
}

/** Mean of the precisions at the hits, over min(k, relevant) (Voorhees & Harman 2005); its mean over users is MAP@k. */
export function averagePrecisionAt({ hits, relevant }: RankedList, k: number): Statistic {
  if (relevant === 0) return noRelevant;
  let [found, sum] = [0, 0];
  hits.slice(0, k).forEach((hit, i) => {
    if (hit === 0) return;
    found += 1;
    sum += found / (i + 1);
  });
  return { value: sum / Math.min(k, relevant) };
}

/** 1 / rank of the first hit, 0 when there is none among the first k (Voorhees 1999). */
export function reciprocalRankAt({ hits, relevant }: RankedList, k: number): Statistic {
  if (relevant === 0) return noRelevant;
  const first = hits.slice(0, k).indexOf(1);
  return { value: first === -1 ? 0 : 1 / (first + 1) };
}

function hitsAt(hits: readonly (0 | 1)[], k: number): number {
  return hits.slice(0, k).reduce<number>((sum, hit) => sum + hit, 0);
}
