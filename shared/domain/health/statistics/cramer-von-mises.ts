import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { cramerVonMisesTail } from './cramer-von-mises-tail.ts';
import { type OrderedCounts, whyEmpty } from './ordered-counts.ts';

/**
 * Two-sample Cramér–von Mises test with midranks. `value` is T; the p-value is that of the limiting distribution after T
 * was given its mean and variance (Anderson 1962, eq. 9 and 15).
 */
export function cramerVonMises(
  samples: OrderedCounts,
): { readonly value: number; readonly pValue: number } | UndefinedStatistic {
  const reason = whyEmpty(samples);
  if (reason !== undefined) return undefinedStatistic(reason);
  const { n, m } = samples;
  const size = n + m;
  const value = rankDeviation(samples) / (n * m) / size - (4 * n * m - 1) / (6 * size);
  const mean = (1 + 1 / size) / 6;
  const variance = ((size + 1) / (45 * size ** 2)) * (size - (3 * (n / m + m / n) + 2) / 4);
  const standardized = 1 / 6 + (value - mean) / Math.sqrt(45 * variance);
  return { value, pValue: variance > 0 ? cramerVonMisesTail(standardized) : 1 };
}

/**
 * n Σ (rᵢ - i)² + m Σ (sⱼ - j)² over the midranks of both sides, summed with a compensation (Neumaier 1974) because
 * what follows is a small difference of large numbers.
 */
function rankDeviation({ reference, current, n, m }: OrderedCounts): number {
  let [sum, lost, below, currentBelow] = [0, 0, 0, 0];
  for (let i = 0; i < reference.length; i += 1) {
    const r = reference[i]!;
    const c = current[i]!;
    const term =
      n * (r * (currentBelow + c / 2) ** 2 + (r * (r * r - 1)) / 12) +
      m * (c * (below + r / 2) ** 2 + (c * (c * c - 1)) / 12);
    const next = sum + term;
    lost += sum >= term ? sum - next + term : term - next + sum;
    sum = next;
    below += r;
    currentBelow += c;
  }
  return sum + lost;
}
