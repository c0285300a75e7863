import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

/**
 * `expectedRocAuc` of rows counted on score bins, ascending: rows of one bin tie. `standardError` is that of the realised
 * AUC around it, by the delta method on the labels. Undefined when the expected number of either class is 0.
 */
export function expectedBinnedRocAuc(
  counts: Float64Array,
  probability: Float64Array,
): { readonly value: number; readonly standardError: number } | UndefinedStatistic {
  // Loops, here and below: each evaluation does this for every mature day, and a call for each bin is most of the time.
  let [positives, rows] = [0, 0];
  for (let bin = 0; bin < counts.length; bin += 1) {
    positives += counts[bin]! * probability[bin]!;
    rows += counts[bin]!;
  }
  const negatives = rows - positives;
  if (!(positives > 0 && negatives > 0)) return undefinedStatistic('one class only is expected');
  const below = midweights(counts, probability);
  let wins = 0;
  for (let bin = 0; bin < counts.length; bin += 1) wins += counts[bin]! * probability[bin]! * below.negatives[bin]!;
  const value = wins / (positives * negatives);
  let variance = 0;
  for (let bin = 0; bin < counts.length; bin += 1) {
    const c = probability[bin]!;
    const gain = below.negatives[bin]! / negatives - value;
    const loss = (positives - below.positives[bin]!) / positives - value;
    variance += counts[bin]! * c * (1 - c) * (gain / positives - loss / negatives) ** 2;
  }
  return { value, standardError: Math.sqrt(variance) };
}

/** By bin, the weight of each class below it and half of that in it. */
function midweights(counts: Float64Array, probability: Float64Array) {
  let [positivesBelow, negativesBelow] = [0, 0];
  const positives = new Float64Array(counts.length);
  const negatives = new Float64Array(counts.length);
  for (let bin = 0; bin < counts.length; bin += 1) {
    const p = counts[bin]! * probability[bin]!;
    const q = counts[bin]! * (1 - probability[bin]!);
    positives[bin] = positivesBelow + p / 2;
    negatives[bin] = negativesBelow + q / 2;
    positivesBelow += p;
    negativesBelow += q;
  }
  return { positives, negatives };
}
