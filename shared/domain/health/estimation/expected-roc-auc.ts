import { finiteStatistic, type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

type Estimate = { readonly value: number; readonly standardError: number };

/**
 * ROC AUC that is expected when row i is positive with probability cᵢ: Σᵢⱼ cᵢ (1 - cⱼ) [sᵢ > sⱼ] + ½ [sᵢ = sⱼ], over
 * Σ c Σ (1 - c); the weighted AUC of every row taken once as a positive and once as a negative. `standardError` is that
 * of the realised AUC around it, by the delta method on the labels: each label of row i moves the AUC by its influence
 * and has the variance cᵢ (1 - cᵢ). O(n log n). Undefined when the expected number of either class is 0.
 */
export function expectedRocAuc(
  scores: ArrayLike<number>,
  calibrated: ArrayLike<number>,
): Estimate | UndefinedStatistic {
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let [positives, negatives] = [0, 0];
  for (const row of order) {
    positives += calibrated[row]!;
    negatives += 1 - calibrated[row]!;
  }
  if (!(positives > 0 && negatives > 0)) return undefinedStatistic('one class only is expected');
  const below = midweights(order, scores, calibrated);
  let wins = 0;
  for (let i = 0; i < order.length; i += 1) wins += calibrated[order[i]!]! * below.negatives[i]!;
  const value = wins / (positives * negatives);
  let variance = 0;
  for (let i = 0; i < order.length; i += 1) {
    const c = calibrated[order[i]!]!;
    // As a positive it wins over the negatives below; as a negative it would lose to the positives above.
    const gain = below.negatives[i]! / negatives - value;
    const loss = (positives - below.positives[i]!) / positives - value;
    variance += c * (1 - c) * (gain / positives - loss / negatives) ** 2;
  }
  const estimate = finiteStatistic(value);
  return estimate.value === null ? estimate : { ...estimate, standardError: Math.sqrt(variance) };
}

/** Per row in score order: the weight of each class below it, and half of that at its score. */
function midweights(order: Uint32Array, scores: ArrayLike<number>, calibrated: ArrayLike<number>) {
  const positives = new Float64Array(order.length);
  const negatives = new Float64Array(order.length);
  let [positivesBelow, negativesBelow] = [0, 0];
  for (let start = 0, end = 0; start < order.length; start = end) {
    let [positivesHere, negativesHere] = [0, 0];
    for (; end < order.length && scores[order[end]!] === scores[order[start]!]; end += 1) {
      positivesHere += calibrated[order[end]!]!;
      negativesHere += 1 - calibrated[order[end]!]!;
    }
    positives.fill(positivesBelow + positivesHere / 2, start, end);
    negatives.fill(negativesBelow + negativesHere / 2, start, end);
    positivesBelow += positivesHere;
    negativesBelow += negativesHere;
  }
  return { positives, negatives };
}
