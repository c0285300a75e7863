import { chiSquareTail } from './chi-square-tail.ts';
import { totalOf, whyIncomparable } from './smoothed-shares.ts';
import { type UndefinedStatistic, undefinedStatistic } from './undefined-statistic.ts';

type GTest = {
  readonly value: number;
  /** null when fewer than two bins hold anything. */
  readonly pValue: number | null;
  readonly degreesOfFreedom: number;
};

/**
 * Likelihood-ratio test that two counts on the same bins come from one distribution: G = 2 Σ O ln(O / E), about χ² with
 * one degree of freedom less than there are non-empty bins (Sokal & Rohlf 1995, Biometry, ch. 17; no continuity
 * correction). Rows are taken as independent.
 */
export function gTest(reference: readonly number[], current: readonly number[]): GTest | UndefinedStatistic {
  const reason = whyIncomparable(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const n = totalOf(reference);
  const m = totalOf(current);
  let value = 0;
  let columns = 0;
  for (let i = 0; i < reference.length; i += 1) {
    const r = reference[i]!;
    const c = current[i]!;
    if (r + c === 0) continue;
    const share = (r + c) / (n + m);
    value += 2 * (excess(r, n * share) + excess(c, m * share));
    columns += 1;
  }
  const degreesOfFreedom = columns - 1;
  return { value, pValue: degreesOfFreedom === 0 ? null : chiSquareTail(value, degreesOfFreedom), degreesOfFreedom };
}

/** O ln(O / E) - (O - E). The second part sums to 0, and without it small differences drown in rounding. */
function excess(observed: number, expected: number): number {
  if (observed === 0) return expected;
  const difference = observed - expected;
  return observed * Math.log1p(difference / expected) - difference;
}
