import { addExactly, type ExactSum } from './exact-sum.ts';
import { delayBin } from './label-delay.ts';
import type { PerformanceKind } from './performance-accumulator.ts';
import { addToSums, copyOfSums, emptySums, type PerformanceSums } from './performance-sums.ts';
import type { ListJudgement } from './ranked-list.ts';
import { addToRanking, copyOfRankingSums, emptyRankingSums, type RankingSums } from './ranking-sums.ts';
import type { BufferedPrediction, Truth } from './segment.ts';

const minuteMillis = 60_000;

/** What is known of a prediction's outcome, and when the first word of it arrived. */
export type Known = { readonly truth: Truth; readonly firstArrivedAt: number | undefined };

/** The sums of one five-minute point; rows can be taken away as exactly as they were added. */
export type PointSums = {
  predictions: number;
  /** Of 1 / sampling ratio, over those in the sample. */
  readonly served: ExactSum;
  readonly attributed: PerformanceSums;
  readonly imputed: PerformanceSums | undefined;
  readonly imputedLabel: number | undefined;
  /** By `delayBin`; bins that it ends before are empty. */
  readonly delays: number[];
  /** Absent before the first list. */
  ranking?: RankingSums;
};

export function emptyPointSums(kind: PerformanceKind, imputedLabel: number | undefined): PointSums {
  const imputed = imputedLabel === undefined ? undefined : emptySums(kind);
  return { predictions: 0, served: [], attributed: emptySums(kind), imputed, imputedLabel, delays: [] };
}

// Field by field: every batch copies dozens, and gathering the rest of an object takes as long as everything else.
export function copyOfPointSums(sums: PointSums): PointSums {
  const { predictions, served, attributed, imputed, imputedLabel, delays, ranking } = sums;
  const copy: PointSums = {
    predictions,
    served: served.slice(),
    attributed: copyOfSums(attributed),
    imputed: imputed && copyOfSums(imputed),
    imputedLabel,
    delays: delays.slice(),
  };
  if (ranking !== undefined) copy.ranking = copyOfRankingSums(ranking);
  return copy;
}

/** `times`: 1 adds the prediction with what is known of it, -1 takes it away. Changes the sums. */
export function addToPoint(
  sums: PointSums,
  prediction: BufferedPrediction,
  known: Known | undefined,
  times: 1 | -1,
): void {
  sums.predictions += times;
  if (prediction.isOutsideSample !== true) addExactly(sums.served, times / (prediction.samplingRatio ?? 1));
  addKnown(sums, prediction, known, times);
}

/** The same of what is known of a prediction that is counted already. */
export function addKnown(
  sums: PointSums,
  { predictedAt, score }: BufferedPrediction,
  known: Known | undefined,
  times: 1 | -1,
): void {
  if (known !== undefined) addToSums(sums.attributed, score, known.truth.label, times);
  else if (sums.imputed !== undefined) addToSums(sums.imputed, score, sums.imputedLabel ?? 0, times);
  if (known?.firstArrivedAt === undefined) return;
  const bin = delayBin((known.firstArrivedAt - predictedAt) / minuteMillis);
  while (sums.delays.length <= bin) sums.delays.push(0);
  sums.delays[bin]! += times;
}

/** The same of a prediction's list. */
export function addListToPoint(sums: PointSums, judgement: ListJudgement, times: 1 | -1): void {
  sums.ranking ??= emptyRankingSums();
  addToRanking(sums.ranking, judgement, times);
}
