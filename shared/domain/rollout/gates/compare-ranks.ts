import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { firstIndex } from '../../health/statistics/sorted-sample.ts';
import type { Comparison } from './comparison.ts';
import { endOf } from './end-of.ts';

/**
 * Wilcoxon's signed-rank test (1945) of gains, by the normal approximation with tie correction, and what its inversion
 * gives: as `improvement` the pseudo-median (Hodges & Lehmann 1963), as bounds the shifts that it does not reject. Sorted
 * once, each shift costs O(n).
 */
export function compareRanks(gains: Float64Array): Omit<Comparison, 'champion' | 'candidate'> {
  const sorted = gains.toSorted();
  const [lowest, highest] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  // Zeros keep their ranks here: so the sum falls steadily with the shift, as pairs whose mean lies above it grow fewer.
  const above = (shift: number) => rankSum(sorted, shift).sum;
  const deviation = Math.sqrt((sorted.length * (sorted.length + 1) * (2 * sorted.length + 1)) / 6);
  const low = endOf((shift) => above(shift) > 0, lowest, highest);
  const improvement = (low + endOf((shift) => above(shift) >= 0, low, highest)) / 2;
  const z = signedRankScore(sorted, 0);
  const influences = signedRanks(gains, sorted, improvement);
  return {
    test: 'Wilcoxon signed-rank',
    improvement,
    pValue: lowest === 0 && highest === 0 ? null : 2 * normalCdf(-Math.abs(z), 0, 1),
    influences,
    variance: influences.reduce((sum, value) => sum + value ** 2, 0),
    bounds: (standardErrors) => [
      endOf((shift) => above(shift) > standardErrors * deviation, lowest, improvement),
      endOf((shift) => above(shift) >= -standardErrors * deviation, improvement, highest),
    ],
    standardErrorsAbove: (limit) => signedRankScore(sorted, limit),
  };
}

/** The standardised sum of the signed ranks of `sorted - shift`; shifted values of 0 are left out (Wilcoxon). */
function signedRankScore(sorted: Float64Array, shift: number): number {
  const zeros = firstIndex(sorted, shift, 'gt') - firstIndex(sorted, shift, 'ge');
  // The sum of squared midranks is the variance of the signed sum, its ties corrected.
  const { sum, squares } = rankSum(sorted, shift, -zeros);
  return squares > 0 ? sum / Math.sqrt(squares) : 0;
}

function rankSum(
  sorted: Float64Array,
  shift: number,
  rankOffset = 0,
): { readonly sum: number; readonly squares: number } {
  // Two runs that ascend in absolute value: downwards below the shift and upwards above it.
  let below = firstIndex(sorted, shift, 'ge') - 1;
  let above = firstIndex(sorted, shift, 'gt');
  let [ranked, sum, squares] = [above - below - 1 + rankOffset, 0, 0];
  while (below >= 0 || above < sorted.length) {
    const distance = Math.min(
      below >= 0 ? shift - sorted[below]! : Number.POSITIVE_INFINITY,
      above < sorted.length ? sorted[above]! - shift : Number.POSITIVE_INFINITY,
    );
    let [down, up] = [0, 0];
    for (; below >= 0 && shift - sorted[below]! === distance; below -= 1) down += 1;
    for (; above < sorted.length && sorted[above]! - shift === distance; above += 1) up += 1;
    const midrank = ranked + (down + up + 1) / 2;
    ranked += down + up;
    sum += midrank * (up - down);
    squares += midrank ** 2 * (up + down);
  }
  return { sum, squares };
}

/** Signed midranks of each gain around a centre: what clustered rows add up (Rosner, Glynn & Lee 2006). */
function signedRanks(gains: Float64Array, sorted: Float64Array, centre: number): Float64Array {
  return gains.map((gain) => {
    const distance = Math.abs(gain - centre);
    const nearer = Math.max(
      0,
      firstIndex(sorted, centre + distance, 'ge') - firstIndex(sorted, centre - distance, 'gt'),
    );
    const within = firstIndex(sorted, centre + distance, 'gt') - firstIndex(sorted, centre - distance, 'ge');
    return Math.sign(gain - centre) * (nearer + (within - nearer + 1) / 2);
  });
}
