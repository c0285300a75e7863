import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import normalPdf from '@stdlib/stats-base-dists-normal-pdf';
import { chiSquareQuantile } from './statistics/chi-square-quantile.ts';

const weekMinutes = 7 * 24 * 60;
/** Of ten bins; with it the formula covers 1 to 49 degrees of freedom (docs/calibration.md, "Looks"). */
const degreesOfFreedom = 9;

export type LookedAtWindow = {
  /** Length of the window that slides. */
  readonly windowMinutes: number;
  /** Between two evaluations. */
  readonly intervalMinutes: number;
};

/**
 * How many times P(a breach at one look) is P(some breach in a week) at most, without any shift: overlapping windows
 * share rows, so that their looks are fewer than the evaluations. Shares of a window that slides correlate by
 * 1 − lag / window; 1 + (L − 1) x (I / W) ν(√(2 x I / W)) is the approximation of Pickands 1969 ("Upcrossing probabilities for
 * stationary Gaussian processes") for looks every I instead of always (Siegmund 1985, "Sequential analysis", ch. 10),
 * x the quantile of χ² at `alpha`. At most the number of evaluations. Compared with simulation by `npm run calibrate`.
 */
export function effectiveLooks({ windowMinutes, intervalMinutes }: LookedAtWindow, alpha: number): number {
  const evaluations = Math.max(1, weekMinutes / intervalMinutes);
  const ratePerLook = chiSquareQuantile(alpha, degreesOfFreedom) * Math.min(1, intervalMinutes / windowMinutes);
  return Math.min(evaluations, 1 + (evaluations - 1) * ratePerLook * overshoot(Math.sqrt(2 * ratePerLook)));
}

/** ν(y) of Siegmund, in the closed form of Siegmund & Yakir 2007 ("The statistics of gene mapping", p. 112), y > 0. */
function overshoot(y: number): number {
  const half = y / 2;
  const below = normalCdf(half, 0, 1);
  return ((2 / y) * (below - 0.5)) / (half * below + normalPdf(half, 0, 1));
}
