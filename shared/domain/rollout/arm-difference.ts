import type { ArmSums } from '../ground-truth/aggregates.ts';
import type { Estimate } from './confidence-sequence.ts';
import { type RatioEstimate, ratioEstimate } from './ratio-estimate.ts';

/** Sums over what was assigned: rows, or users where a user is assigned as a whole and summed first. */
export type ArmHour = { readonly hour: string; readonly champion: ArmSums; readonly candidate: ArmSums };
export type Arm = { readonly n: number; readonly mean: number | null };
export type ArmDifference = {
  /** `mean` is standardised: both arms' hours weighted alike. */
  readonly champion: Arm;
  readonly candidate: Arm;
  /** Absent without an hour in which both arms have rows, or when the champion's mean is 0. */
  readonly change?: ArmChange;
};
export type ArmChange = {
  /** Of the traffic seen: chance assigned its rows, and nothing else of it is chance. */
  readonly seen: Estimate;
  /** Of hours like those seen; never more certain than of those seen. */
  readonly general: RatioEstimate;
};

/**
 * The relative change of the candidate's mean, compared within hours only: the arms' shares change over a rollout's steps
 * as the hours' levels do, and pooled means would mix the two (Simpson 1951). Each hour weighs n₀n₁ / (n₀ + n₁) (Mantel &
 * Haenszel 1959), so that a constant change is estimated with the least variance. Of the traffic seen, the standard error is
 * that of its rows by the delta method (Deng, Knoblich, Lu 2018); a change that comes and goes with the hours is no error
 * then (Waudby-Smith et al. 2024, on means that vary over time). What holds in general also varies between hours.
 */
export function armDifference(hours: readonly ArmHour[]): ArmDifference {
  const shared = hours.filter(({ champion, candidate }) => champion.n > 0 && candidate.n > 0).map(weighed);
  const weight = shared.reduce((sum, each) => sum + each.weight, 0);
  const base = shared.reduce((sum, each) => sum + each.base, 0);
  const difference = shared.reduce((sum, each) => sum + each.difference, 0);
  const [n0, n1] = [rows(hours, 'champion'), rows(hours, 'candidate')];
  const champion = { n: n0, mean: weight === 0 ? null : base / weight };
  const candidate = { n: n1, mean: weight === 0 ? null : (base + difference) / weight };
  if (base === 0) return { champion, candidate };
  const standardError = rowError(hours, base);
  const seen = { estimate: difference / Math.abs(base), standardError, freedom: Number.POSITIVE_INFINITY };
  // By hours also where there are days: chance assigned the arms within each of them.
  const general = ratioEstimate(shared, Number.POSITIVE_INFINITY);
  // A single hour has no variance between hours.
  const between = Number.isNaN(general.standardError) ? 0 : general.standardError;
  const change = { seen, general: { ...general, standardError: Math.max(between, standardError) } };
  return { champion, candidate, change };
}

function weighed({ hour, champion, candidate }: ArmHour) {
  const weight = (champion.n * candidate.n) / (champion.n + candidate.n);
  const mean = champion.sum / champion.n;
  return { hour, weight, base: weight * mean, difference: weight * (candidate.sum / candidate.n - mean) };
}

/**
 * Of the rows within hours, as if they were independent. The candidate's rows are held to vary as the champion's do at
 * least: what a small arm has not shown yet, the large one has.
 */
function rowError(hours: readonly ArmHour[], base: number): number {
  const champion = varianceWithinHours(hours, 'champion');
  const candidate = Math.max(champion, varianceWithinHours(hours, 'candidate'));
  const variance = hours.reduce((sum, { champion: { n: n0 }, candidate: { n: n1 } }) => {
    if (n0 === 0 || n1 === 0) return sum;
    return sum + ((n0 * n1) / (n0 + n1)) ** 2 * (champion / n0 + candidate / n1);
  }, 0);
  return Math.sqrt(variance) / Math.abs(base);
}

function varianceWithinHours(hours: readonly ArmHour[], arm: 'champion' | 'candidate'): number {
  let [squares, freedom] = [0, 0];
  for (const { [arm]: sums } of hours) {
    if (sums.n === 0) continue;
    // Rounding of large sums can leave a tiny negative.
    squares += Math.max(0, sums.sumSquares - sums.sum ** 2 / sums.n);
    freedom += sums.n - 1;
  }
  return freedom === 0 ? 0 : squares / freedom;
}

function rows(hours: readonly ArmHour[], arm: 'champion' | 'candidate'): number {
  return hours.reduce((sum, { [arm]: { n } }) => sum + n, 0);
}
