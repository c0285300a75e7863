/** Below it the series is not exact, and the table is. */
const seriesFrom = 16;

/** ln(2π) / 2 */
const halfLogTwoPi = 0.918_938_533_204_672_8;

/**
 * ln n! - (n ln n - n + ½ ln 2πn), what Stirling's formula leaves (Loader 2000, "Fast and accurate computation of
 * binomial probabilities"): probabilities built from it do not lose digits to the size of n ln n. n ≥ 1.
 */
export function stirlingError(n: number): number {
  return n < seriesFrom ? table[n]! : series(n);
}

function series(n: number): number {
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** By ln n! = ln (n + 16)! - Σ ln (n + i), which stays exact to a few units in the last place. */
const table = Array.from({ length: seriesFrom }, (_, n) => {
  if (n === 0) return 0;
  let factorial = 1;
  for (let i = 2; i <= n; i += 1) factorial *= i;
  return Math.log(factorial) - ((n + 0.5) * Math.log(n) - n + halfLogTwoPi);
});

/** ln (C(n, k) p^k q^(n-k)) for 0 ≤ k ≤ n, p and q given apart because their sum need not be 1. */
export function logBinomialTerm(n: number, k: number, p: number, q: number): number {
  if (k === 0) return n * Math.log(q);
  if (k === n) return n * Math.log(p);
  const rest = n - k;
  const correction = stirlingError(n) - stirlingError(k) - stirlingError(rest);
  const root = 0.5 * (Math.log(n) - Math.log(k) - Math.log(rest)) - halfLogTwoPi;
  return correction + root + k * logRatio(p, k / n) + rest * logRatio(q, rest / n);
}

/** ln(a / b), exact also when both are nearly equal. */
function logRatio(a: number, b: number): number {
  const difference = a - b;
  return Math.abs(difference) < b / 2 ? Math.log1p(difference / b) : Math.log(a / b);
}
