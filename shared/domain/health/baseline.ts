import type { Performance, Profile, ProfileBlock } from '../ground-truth/aggregates.ts';
import type { SegmentDefinition, TaskType } from '../registry/schemas.ts';

/**
 * Bins of one feature, fixed at the baseline. Numeric: `boundaries` ascending; the bin index of x is the number of
 * satisfied boundaries (`ge`: x ≥ value, `gt`: x > value), atom-aware. Categorical: index in `categories`; the
 * categories of `others` share the one bin after them, which exists only when `others` is there.
 */
export type Bins =
  | {
      readonly kind: 'numeric';
      readonly boundaries: readonly { readonly value: number; readonly test: 'ge' | 'gt' }[];
    }
  | { readonly kind: 'categorical'; readonly categories: readonly string[]; readonly others?: readonly string[] };

/** Counts on the bins of the anchor, one per bin. */
export type AnchorCounts = { readonly bins: readonly number[]; readonly missing: number; readonly unseen: number };

/**
 * The reference rows of a version beside those of the anchor, the model's first champion, both on the anchor's bins. Kept
 * whole, so that a verdict needs no second baseline.
 */
export type AnchorComparison = {
  readonly version: number;
  /** Those that both have, of the same type. */
  readonly features: Readonly<
    Record<string, { readonly kind: Bins['kind']; readonly anchor: AnchorCounts; readonly own: AnchorCounts }>
  >;
};

/** Statistics of the reference window of one model version. */
export type Baseline = {
  readonly modelId: string;
  readonly version: number;
  readonly taskType: TaskType;
  readonly n: number;
  readonly from: string;
  readonly to: string;
  readonly features: Readonly<Record<string, Bins>>;
  readonly scores: Bins;
  /** Rows that are counted apart as well; absent when the model names none. */
  readonly segments?: readonly SegmentDefinition[];
  readonly profile: Profile;
  /**
   * The same rows by stretches of whole UTC days, oldest first, at most 60; stretches without a row are left out. Absent
   * when the rows carry no time.
   */
  readonly blocks?: readonly ProfileBlock[];
  /** Features, the least important, whose counts by block did not fit; `profile` has them all. */
  readonly blocksOmitted?: readonly string[];
  /** Of categorical features, the share of the rows whose category came once: as many unseen ones are no news. */
  readonly singletonRatios?: Readonly<Record<string, number>>;
  /**
   * How much each feature says of the score, 0..1, over the reference rows, of the one that says most 1. Absent when none
   * says anything, and in baselines from before it was kept.
   */
  readonly importances?: Readonly<Record<string, number>>;
  /** Against the reference of the model's first champion; absent for that itself, and when it does not fit. */
  readonly anchor?: AnchorComparison;
  /** Version of the anchor, when its comparison did not fit. */
  readonly anchorOmitted?: number;
  /** Rows drawn to find the deciles of the numbers; absent when all rows did. */
  readonly sampledRows?: number;
  /** Of the reference rows that carry a label. */
  readonly performance?: Performance;
};
