/** A non-decreasing, piecewise linear function of the score; constant outside its knots. */
export type Calibration = { readonly x: readonly number[]; readonly y: readonly number[] };

/** Rows of one score, or of neighbouring ones that share a probability. */
export type Pool = { readonly from: number; readonly to: number; readonly weight: number; readonly mean: number };

/**
 * The non-decreasing function of the score that is nearest to the labels in squares (Barlow et al. 1972; as calibration:
 * Zadrozny & Elkan 2002), by pooling adjacent violators (Ayer et al. 1955), O(n log n). Rows of equal score are one
 * point first. Knots are the ends of the pools. Undefined when there are no rows.
 */
export function isotonicCalibration(labels: ArrayLike<number>, scores: ArrayLike<number>): Calibration | undefined {
  if (scores.length === 0) return undefined;
  const order = Float64Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const blocks: Pool[] = [];
  for (const row of order) {
    const last = blocks.at(-1);
    const [score, label] = [scores[row]!, labels[row]!];
    if (last !== undefined && last.to === score && last.from === score)
      blocks[blocks.length - 1] = joined(last, score, label);
    else blocks.push({ from: score, to: score, weight: 1, mean: label });
  }
  return knotsOf(pooledViolators(blocks));
}

function joined(block: Pool, score: number, label: number): Pool {
  const weight = block.weight + 1;
  return { ...block, to: score, weight, mean: block.mean + (label - block.mean) / weight };
}

/** Points ascending by score; pools of rising mean. */
export function pooledViolators(points: readonly Pool[]): readonly Pool[] {
  const pools: Pool[] = [];
  for (const point of points) {
    let pool = point;
    for (let last = pools.at(-1); last !== undefined && last.mean >= pool.mean; last = pools.at(-1)) {
      pools.pop();
      const weight = last.weight + pool.weight;
      const mean = (last.mean * last.weight + pool.mean * pool.weight) / weight;
      pool = { from: last.from, to: pool.to, weight, mean };
    }
    pools.push(pool);
  }
  return pools;
}

export function knotsOf(pools: readonly Pool[]): Calibration {
  const ends = pools.flatMap(({ from, to, mean }) =>
    from === to
      ? [[from, mean]]
      : [
          [from, mean],
          [to, mean],
        ],
  );
  return { x: ends.map(([x]) => x!), y: ends.map(([, y]) => y!) };
}

/** Linear between knots, clipped outside. */
export function calibrated({ x, y }: Calibration, score: number): number {
  if (score <= x[0]!) return y[0]!;
  const last = x.length - 1;
  if (score >= x[last]!) return y[last]!;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (x[middle]! <= score) low = middle;
    else high = middle;
  }
  return y[low]! + ((y[high]! - y[low]!) * (score - x[low]!)) / (x[high]! - x[low]!);
}
