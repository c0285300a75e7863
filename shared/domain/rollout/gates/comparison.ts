/** Champion and candidate on the same rows, by one metric. */
export type Comparison = {
  /** The paired test of no difference, as the literature names it. */
  readonly test: string;
  readonly champion: number;
  readonly candidate: number;
  /** In the metric's unit; positive where the candidate is better, whichever way that is. */
  readonly improvement: number;
  /** Two-sided, rows independent; null where nothing differs. */
  readonly pValue: number | null;
  /** What each row adds to the improvement, less its share; in the order of the rows. */
  readonly influences: Float64Array;
  /** Of their sum if rows are independent. */
  readonly variance: number;
  /** Of Student's t; absent: normal. */
  readonly degreesOfFreedom?: number;
  /** The interval of so many standard errors on both sides. */
  readonly bounds: (standardErrors: number) => readonly [number, number];
  /** Standard errors, rows independent, by which the improvement lies above a limit; infinite where there are none. */
  readonly standardErrorsAbove: (limit: number) => number;
};

/** Where the error does not depend on the limit (Wald). */
export function waldBounds(
  estimate: number,
  standardError: number,
): Pick<Comparison, 'bounds' | 'standardErrorsAbove'> {
  return {
    bounds: (standardErrors) => [estimate - standardErrors * standardError, estimate + standardErrors * standardError],
    standardErrorsAbove: (limit) => ratioOrInfinite(estimate - limit, standardError),
  };
}

/** 0 / 0 is 0: exactly at the limit. */
function ratioOrInfinite(difference: number, standardError: number): number {
  if (standardError > 0) return difference / standardError;
  return difference === 0 ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
}
