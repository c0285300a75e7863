import type { Instant } from '../time.ts';

/** Sparse counts by bin index; JSON-friendly and mergeable by addition. */
export type SparseCounts = Readonly<Record<string | number, number>>;

/** Counts by score bin: sparse where they are stored, an array of `scoreBins` where many are merged. */
export type ScoreCounts = SparseCounts | Float64Array;

/** Counts on the baseline's bins of one feature, `missing` (null) and `unseen` (category not in the baseline) apart. */
export type FeatureCounts = { readonly bins: SparseCounts; readonly missing: number; readonly unseen: number };

/** Inputs and outputs of one version over a stretch of time, by `predictedAt`. */
export type Profile = {
  readonly n: number;
  readonly features: Readonly<Record<string, FeatureCounts>>;
  readonly scores: SparseCounts;
  /** All scores of a binary model on `scoreBins` equal-width bins, as those with a label are counted. */
  readonly scoreHistogram?: SparseCounts;
  /** The same of the rows of each segment, by name; absent when the model names none. */
  readonly segments?: Readonly<Record<string, Profile>>;
};

/** Of the predictions in [from, to). */
export type ProfileBlock = { readonly from: Instant; readonly to: Instant; readonly profile: Profile };

/** Sums from which every binary metric of a window follows; `scoreBins` equal-width bins over [0, 1] give AUC. */
export type BinaryPerformance = {
  readonly kind: 'binary';
  readonly n: number;
  readonly positives: number;
  readonly sumScore: number;
  readonly sumLogLoss: number;
  readonly sumSquaredError: number;
  readonly correct: number;
  readonly positiveScores: ScoreCounts;
  readonly negativeScores: ScoreCounts;
};

export type RegressionPerformance = {
  readonly kind: 'regression';
  readonly n: number;
  readonly sumError: number;
  readonly sumAbsoluteError: number;
  readonly sumSquaredError: number;
  readonly sumLabel: number;
  readonly sumSquaredLabel: number;
};

export type Performance = BinaryPerformance | RegressionPerformance;

/** Sums of x and x² of the business metric of one arm. */
export type ArmSums = { readonly n: number; readonly sum: number; readonly sumSquares: number };

/** Both versions on the same requests: loss is log loss (binary) or squared error (regression). `older` < `newer`. */
export type Paired = {
  readonly n: number;
  readonly sumOlderLoss: number;
  readonly sumNewerLoss: number;
  /** Of newer - older, per request. */
  readonly sumDifference: number;
  readonly sumSquaredDifference: number;
  readonly arms: { readonly older: ArmSums; readonly newer: ArmSums };
};

/** Number of equal-width score bins behind AUC and calibration. */
export const scoreBins = 512;

/** What a window of aggregates says; `coverageRatio` is null when no prediction's window has closed. */
export type Coverage = {
  readonly predictions: number;
  readonly closed: number;
  readonly attributed: number;
  readonly attributedClosed: number;
  readonly coverageRatio: number | null;
};

/**
 * Sums over ranking lists, each judged by its first ten items. Those that are judged have a relevant item, listed or not;
 * all but `lists` are over these.
 */
export type Ranking = {
  readonly lists: number;
  readonly judgedLists: number;
  /** Lists with a relevant item among the first ten. */
  readonly hits: number;
  readonly sumNdcg: number;
  readonly sumRecall: number;
  readonly sumPrecision: number;
  readonly sumAveragePrecision: number;
  readonly sumReciprocalRank: number;
};

/** What stands beside the performance of a stretch of time. */
export type PerformanceExtras = {
  /** Predictions that these stand for: the sum of 1 / sampling ratio over those in the sample. @default predictions */
  readonly served?: number;
  /** Attributed ones by `delayBin` of the minutes until their first outcome arrived. */
  readonly delays?: SparseCounts;
  /** Of those without an outcome, as if it were the type's `imputedLabel`; absent for types that have none. */
  readonly imputed?: Performance;
  /** Under the primary outcome type, by what is known of their items; absent where no prediction has a list. */
  readonly ranking?: Ranking;
};

/** Of which layer a figure is, when both were read. */
export type Layer = 'speed' | 'batch';

export type HourlyPerformance = PerformanceExtras & {
  readonly hour: string;
  readonly predictions: number;
  readonly performance?: Performance;
  readonly layer?: Layer;
};
/** Of a UTC day, or of what of it lies in the window. */
export type DailyPerformance = PerformanceExtras & {
  /** `2001-01-22` */
  readonly day: string;
  readonly predictions: number;
  readonly performance?: Performance;
  readonly layer?: Layer;
};
export type HourlyPaired = { readonly hour: string; readonly paired: Paired };
/** `performance` covers the attributed ones of the `predictions`; its n may be 0. */
export type FiveMinutePerformance = PerformanceExtras & {
  readonly from: Instant;
  readonly predictions: number;
  readonly performance: Performance;
  readonly layer?: Layer;
};
