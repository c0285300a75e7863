import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

type Proportion = { readonly count: number; readonly n: number };

/** Tables as likely as the observed one count as extreme, also when rounding makes them a hair likelier. */
const slack = 1 + 1e-7;

/**
 * Fisher's exact test of two proportions, two-sided: the probability, margins given, of all tables that are no likelier
 * than the observed one (Fisher 1935; Agresti 2013, ch. 3.5). `value` is the odds ratio, or null when a cell makes it
 * infinite. Undefined when a side is empty. O(rows of the smaller margin).
 */
export function fisherExactTest(
  reference: Proportion,
  current: Proportion,
): { readonly value: number | null; readonly pValue: number } | UndefinedStatistic {
  if (reference.n === 0 || current.n === 0) return undefinedStatistic('a side has no rows');
  if (!isProportion(reference) || !isProportion(current)) return undefinedStatistic('a count exceeds its rows');
  const successes = reference.count + current.count;
  const first = Math.max(0, successes - current.n);
  const weights = hypergeometricWeights(reference.n, current.n, successes);
  const observed = weights[reference.count - first]! * slack;
  let extreme = 0;
  let total = 0;
  for (const weight of weights) {
    total += weight;
    if (weight <= observed) extreme += weight;
  }
  return { value: oddsRatio(reference, current), pValue: Math.min(1, extreme / total) };
}

function isProportion({ count, n }: Proportion): boolean {
  return Number.isInteger(count) && Number.isInteger(n) && count >= 0 && count <= n;
}

/** Proportional to the probability of each possible count in the first sample, 1 at the mode. */
function hypergeometricWeights(n: number, m: number, successes: number): Float64Array {
  const first = Math.max(0, successes - m);
  const last = Math.min(n, successes);
  const weights = new Float64Array(last - first + 1);
  const mode = Math.min(last, Math.max(first, Math.floor(((successes + 1) * (n + 1)) / (n + m + 2))));
  const ratio = (k: number) => ((n - k) * (successes - k)) / ((k + 1) * (m - successes + k + 1));
  weights[mode - first] = 1;
  for (let k = mode; k < last; k += 1) weights[k + 1 - first] = weights[k - first]! * ratio(k);
  for (let k = mode - 1; k >= first; k -= 1) weights[k - first] = weights[k + 1 - first]! / ratio(k);
  return weights;
}

function oddsRatio(reference: Proportion, current: Proportion): number | null {
  const against = (reference.n - reference.count) * current.count;
  return against === 0 ? null : (reference.count * (current.n - current.count)) / against;
}
