import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { greatestCommonDivisor, kolmogorovExactTail } from './kolmogorov-exact.ts';
import { kolmogorovTail } from './kolmogorov-tail.ts';
import { type OrderedCounts, whyEmpty } from './ordered-counts.ts';

type KolmogorovSmirnov = {
  /** D = max |F - G|, 0..1. */
  readonly value: number;
  readonly pValue: number;
  readonly method: 'exact' | 'asymptotic';
};

/** The exact p-value costs n m steps, which is worth it for few rows. */
const exactUpTo = { rows: 1_000, steps: 20_000_000 } as const;
/** With fewer rows on one side the asymptotic is no approximation at all: at one row it says 0 instead of 2 / (n + 1). */
const asymptoticFrom = 20;

/**
 * Two-sample Kolmogorov–Smirnov test, two-sided (Smirnov 1939). Exact for max(n, m) ≤ 1,000 and
 * for a side of fewer than 20 rows; else the one-sample tail at n m / (n + m) rows. Ties make both conservative. Of histograms D is a lower bound of that of the values.
 */
export function kolmogorovSmirnov(
  samples: OrderedCounts,
  method: 'auto' | 'asymptotic' = 'auto',
): KolmogorovSmirnov | UndefinedStatistic {
  const reason = whyEmpty(samples);
  if (reason !== undefined) return undefinedStatistic(reason);
  const { n, m } = samples;
  const value = largestGap(samples);
  if (method === 'auto' && isExact(n, m)) {
    const steps = Math.round((value * n * m) / greatestCommonDivisor(n, m));
    return { value, pValue: kolmogorovExactTail(n, m, steps), method: 'exact' };
  }
  return { value, pValue: kolmogorovTail(effectiveRows(n, m), value), method: 'asymptotic' };
}

function isExact(n: number, m: number): boolean {
  if (Math.max(n, m) <= exactUpTo.rows) return true;
  return Math.min(n, m) < asymptoticFrom && n * m <= exactUpTo.steps;
}

/** n m / (n + m), rounded half to even as numpy does. */
export function effectiveRows(n: number, m: number): number {
  const exact = (n * m) / (n + m);
  const below = Math.floor(exact);
  const isHalf = exact - below === 0.5;
  return Math.max(1, isHalf ? below + (below % 2) : Math.round(exact));
}

function largestGap({ reference, current, n, m }: OrderedCounts): number {
  let below = 0;
  let currentBelow = 0;
  let largest = 0;
  for (let i = 0; i < reference.length; i += 1) {
    below += reference[i]!;
    currentBelow += current[i]!;
    largest = Math.max(largest, Math.abs(below / n - currentBelow / m));
  }
  return Math.min(1, largest);
}
