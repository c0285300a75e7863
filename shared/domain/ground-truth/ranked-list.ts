import {
  averagePrecisionAt,
  hitRateAt,
  normalizedDiscountedGain,
  precisionAt,
  recallAt,
  reciprocalRankAt,
} from '../health/statistics/ranking-metrics.ts';
import type { OutcomeType } from './outcome-types.ts';
import type { BufferedPrediction, Truth } from './segment.ts';
import { type Aim, type IsExcluded, standingTruth } from './truths.ts';

/** Lists are judged by their first items, of which there are at most this many. */
export const rankingDepth = 10;
/** Beyond, the gain of one item exceeds all others together, and doubles would overflow. */
const highestGrade = 100;

/** What a list is worth to who got it, all at `rankingDepth`; each 0 to 1. */
export type ListFigures = {
  readonly ndcg: number;
  readonly recall: number;
  readonly precision: number;
  readonly averagePrecision: number;
  readonly reciprocalRank: number;
  /** 1: a relevant item is among the first. */
  readonly hit: number;
};

/** Without a relevant item, listed or not, no list could have been better than another. */
export type ListJudgement = ListFigures | 'no-relevant-item';

/**
 * Judges a prediction's list by what stands of each item under the primary outcome type. An item is relevant when its label
 * is above 0; the gain of a graded one is 2^grade - 1 (Burges et al. 2005), of a binary one 1. A relevant item that the list
 * lacks is one that it missed. Undefined for a prediction without a list.
 */
export function judgementOf(
  { itemIds }: BufferedPrediction,
  truths: readonly Truth[],
  kind: OutcomeType['kind'],
  isExcluded: IsExcluded,
): ListJudgement | undefined {
  if (itemIds === undefined) return undefined;
  const gains = gainsByItem(truths, kind, isExcluded);
  if (gains.size === 0) return 'no-relevant-item';
  // An item that is listed twice was found where it is first.
  const listed = itemIds.map((itemId, i) => (itemIds.indexOf(itemId) === i ? (gains.get(itemId) ?? 0) : 0));
  const list = { hits: listed.map((gain) => (gain > 0 ? 1 : 0)), relevant: gains.size };
  return {
    ndcg: defined(normalizedDiscountedGain(listed, [...gains.values()], rankingDepth)),
    recall: defined(recallAt(list, rankingDepth)),
    precision: defined(precisionAt(list, rankingDepth)),
    averagePrecision: defined(averagePrecisionAt(list, rankingDepth)),
    reciprocalRank: defined(reciprocalRankAt(list, rankingDepth)),
    hit: defined(hitRateAt(list, rankingDepth)),
  };
}

/** Whether truths about this item of a prediction's list, `before` and `after`, say otherwise of it. */
export function isJudgedOtherwise(
  { itemIds }: BufferedPrediction,
  { before, after }: { readonly before: readonly Truth[]; readonly after: readonly Truth[] },
  aim: Aim,
  isExcluded: IsExcluded,
): boolean {
  if (itemIds === undefined || aim.itemId === undefined || aim.outcomeType !== undefined) return false;
  return standingTruth(before, aim, isExcluded)?.label !== standingTruth(after, aim, isExcluded)?.label;
}

/** Of the relevant items. */
function gainsByItem(truths: readonly Truth[], kind: OutcomeType['kind'], isExcluded: IsExcluded) {
  const standing = new Map<string, Truth>();
  for (const truth of truths) {
    const { itemId, outcomeType, observedAt } = truth;
    if (itemId === undefined || outcomeType !== undefined || isExcluded(truth)) continue;
    const held = standing.get(itemId);
    if (held === undefined || observedAt > held.observedAt) standing.set(itemId, truth);
  }
  const gains = new Map<string, number>();
  for (const [itemId, { label }] of standing) if (label > 0) gains.set(itemId, kind === 'binary' ? 1 : gainOf(label));
  return gains;
}

// 2^grade - 1, above 0 for the smallest of grades.
function gainOf(grade: number): number {
  return Math.expm1(Math.LN2 * Math.min(grade, highestGrade));
}

function defined({ value }: { readonly value: number | null }): number {
  if (value === null) throw new RangeError('a list with a relevant item has no figure, expected one');
  return value;
}
