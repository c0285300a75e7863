import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { type OrderedCounts, whyEmpty } from './ordered-counts.ts';

type MannWhitney = {
  /** U of the current sample: pairs in which it is the larger, ties half. */
  readonly value: number;
  readonly pValue: number;
  /** P(current > reference) - P(current < reference), -1..1 (Cliff 1993). */
  readonly cliffsDelta: number;
};

/**
 * Mann–Whitney U test, two-sided, normal approximation with tie and continuity correction (Mann & Whitney 1947;
 * Lehmann 1975, ch. 1.3). The p-value is 1 when all values are equal.
 */
export function mannWhitney(samples: OrderedCounts): MannWhitney | UndefinedStatistic {
  const reason = whyEmpty(samples);
  if (reason !== undefined) return undefinedStatistic(reason);
  const { n, m } = samples;
  const { wins, tieTerm } = countWins(samples);
  const size = n + m;
  const deviation = Math.sqrt(((n * m) / 12) * (size + 1 - tieTerm / (size * (size - 1))));
  const distance = Math.abs(wins - (n * m) / 2) - 0.5;
  const pValue = deviation === 0 ? 1 : Math.min(1, 2 * normalCdf(-distance / deviation, 0, 1));
  return { value: wins, pValue, cliffsDelta: (2 * wins) / (n * m) - 1 };
}

function countWins({ reference, current }: OrderedCounts): { readonly wins: number; readonly tieTerm: number } {
  let below = 0;
  let wins = 0;
  let tieTerm = 0;
  for (let i = 0; i < reference.length; i += 1) {
    const r = reference[i]!;
    const c = current[i]!;
    wins += c * (below + r / 2);
    below += r;
    tieTerm += (r + c) * ((r + c) ** 2 - 1);
  }
  return { wins, tieTerm };
}
