import { kolmogorovMatrix } from './kolmogorov-matrix.ts';
import { pelzGood } from './pelz-good.ts';
import { smirnovTail } from './smirnov-tail.ts';

/** From this n x² on both one-sided events together are too rare to matter, at few and at many rows. */
const bothSides = { few: 4, many: 2.2 } as const;
const few = 140;
/** n x² whose tail is below the smallest double. */
const underflow = 370;

/**
 * P(D ≥ x) of the two-sided Kolmogorov–Smirnov statistic of n rows against a known distribution: exact for few rows and
 * in the tail, else the corrected asymptotic (Simard & L'Ecuyer 2011, with the regions that scipy's `kstwo` uses).
 * n a whole number ≥ 1. Relative error about 1e-9 in the tail.
 */
export function kolmogorovTail(n: number, x: number): number {
  const t = n * x;
  if (t <= 0.5) return 1;
  if (x >= 1) return 0;
  // Ruben & Gambino (1982): the two ends have closed forms.
  if (t <= 1) return 1 - smallest(n, 2 * t - 1);
  if (t >= n - 1) return Math.min(1, 2 * (1 - x) ** n);
  const size = t * x;
  if (size >= underflow) return 0;
  if (x >= 0.5 || size > (n <= few ? bothSides.few : bothSides.many)) return Math.min(1, 2 * smirnovTail(n, x));
  if (n <= few || (n <= 100_000 && n * x ** 1.5 <= 1.4)) return 1 - kolmogorovMatrix(n, x);
  return 1 - pelzGood(n, x);
}

/** n! ((2t - 1) / n)^n */
function smallest(n: number, width: number): number {
  let product = 1;
  for (let i = 1; i <= n && product > 0; i += 1) product *= (i / n) * width;
  return product;
}

/**
 * P(K ≥ z) of Kolmogorov's limiting distribution, z = D √n (Kolmogorov 1933): 2 Σ (-1)^(k-1) e^(-2k²z²), below z = 1 one
 * minus the theta series (Feller 1948), where the first would cancel.
 */
export function kolmogorovLimitTail(z: number): number {
  if (z <= 0.04) return 1;
  let sum = 0;
  if (z < 1) {
    for (let k = 1; k <= 9; k += 2) sum += Math.exp((-k * k * Math.PI ** 2) / (8 * z * z));
    return 1 - (Math.sqrt(2 * Math.PI) / z) * sum;
  }
  for (let k = 5; k >= 1; k -= 1) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * z * z);
  return sum;
}
