import { pairedSequence } from '../../shared/domain/rollout/paired-sequence.ts';
import { significancePerMetric } from '../../shared/domain/rollout/significance.ts';
import { dayMillis, hourOfMillis } from '../../shared/domain/time.ts';
import { draws } from './random.ts';

const limits = { marginRatio: 0.02, significance: significancePerMetric(2), minimumRows: 200 };
const days = 60;
const firstDays = 7;

/** How the candidate's relative loss differs from day to day; each has a standard deviation of 2 %. */
const spreads = {
  normal: ({ normal }: ReturnType<typeof draws>) => 0.02 * normal(),
  // Student's t with 5 degrees of freedom, over its standard deviation √(5/3).
  'heavy-tailed': ({ normal }: ReturnType<typeof draws>) => {
    let squares = 0;
    for (let i = 0; i < 5; i += 1) squares += normal() ** 2;
    return (0.02 * normal()) / Math.sqrt(squares / 5) / Math.sqrt(5 / 3);
  },
  skewed: ({ uniform }: ReturnType<typeof draws>) => 0.02 * (-Math.log(1 - uniform()) - 1),
} as const;
export type Spread = keyof typeof spreads;
export const daySpreads = Object.keys(spreads) as readonly Spread[];

/** Sixty days judged by day blocks every day from the seventh on: whether an equal loss ever fails, one at the margin passes. */
export function simulateDays(spread: Spread, seed: number): { readonly fails: boolean; readonly passes: boolean } {
  return { fails: isEver('fail', 0, spread, seed), passes: isEver('pass', 0.02, spread, seed) };
}

function isEver(verdict: 'pass' | 'fail', difference: number, spread: Spread, seed: number): boolean {
  const random = draws(seed);
  const hours = [];
  for (let day = 0; day < days; day += 1) {
    const n = Math.round(1_200 + 800 * random.uniform());
    const championLoss = 0.45 * n;
    const own = championLoss * (difference + spreads[spread](random));
    hours.push({ hour: hourOfMillis(day * dayMillis), n, championLoss, difference: own });
    if (day + 1 >= firstDays && pairedSequence(hours, limits).verdict === verdict) return true;
  }
  return false;
}
