import { logBinomialTerm } from './log-factorial.ts';

/** More terms than this are sampled: the sum is then as good as an integral of a smooth bell. */
const maximumTerms = 20_000;

/**
 * P(D⁺ ≥ x) of the one-sided one-sample Kolmogorov–Smirnov statistic, 0 < x < 1:
 * x Σ C(n, j) (x + j/n)^(j-1) (1 - x - j/n)^(n-j) over j ≤ n (1 - x) (Smirnov 1944; Birnbaum & Tingey 1951). All terms
 * are positive, so that the far tail keeps its digits. With many terms every s-th counts s times: the trapezoidal rule
 * is exact to all digits for a bell that is 0 at both ends.
 */
export function smirnovTail(n: number, x: number): number {
  const last = Math.floor(n * (1 - x));
  const stride = Math.ceil((last + 1) / maximumTerms);
  let sum = 0;
  for (let j = 0; j <= last; j += stride) {
    const p = x + j / n;
    const q = 1 - p;
    if (q <= 0) continue;
    sum += Math.exp(logBinomialTerm(n, j, p, q)) / p;
  }
  return Math.min(1, x * sum * stride);
}
