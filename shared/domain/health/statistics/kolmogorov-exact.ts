/**
 * P(D ≥ h / lcm(n, m)) of the two-sample Kolmogorov–Smirnov statistic when no values are equal; `steps` is h. A path
 * from (0, 0) to (n, m) is an order of the pooled values (Hodges 1958); the recursion carries the share of the paths to
 * each point that have left the band, which are sums of positive terms and lose no digits in the tail (Viehmann 2021).
 * O(n m).
 */
export function kolmogorovExactTail(n: number, m: number, steps: number): number {
  if (steps <= 0) return 1;
  const divisor = greatestCommonDivisor(n, m);
  const alongCurrent = n / divisor;
  const alongReference = m / divisor;
  const left = new Float64Array(m + 1);
  for (let i = 0; i <= n; i += 1) {
    for (let j = 0; j <= m; j += 1) {
      const isOutside = Math.abs(i * alongReference - j * alongCurrent) >= steps;
      if (isOutside) left[j] = 1;
      else if (i + j > 0) left[j] = (i * left[j]! + (j === 0 ? 0 : j * left[j - 1]!)) / (i + j);
    }
  }
  return left[m]!;
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
