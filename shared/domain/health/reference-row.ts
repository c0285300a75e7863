import type { FeatureValue } from './compiled-bins.ts';

/** One row of a reference window. */
export type ReferenceRow = {
  readonly features: Readonly<Record<string, FeatureValue>>;
  readonly score: number;
  readonly label?: number | undefined;
  /** Unix time. All rows of a window carry it, or none. */
  readonly predictedAtMillis?: number | undefined;
};
