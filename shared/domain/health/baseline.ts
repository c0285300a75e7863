import type { Performance, Profile } from '../ground-truth/aggregates.ts';
import type { TaskType } from '../registry/schemas.ts';

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
  readonly profile: Profile;
  /** Of the reference rows that carry a label. */
  readonly performance?: Performance;
};
