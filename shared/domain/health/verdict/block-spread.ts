/** Counts on the same bins, one row of bins for each block of time, in the order of time. */
export type Blocks = readonly (readonly number[])[];

/** How much the shares of all rows together are uncertain, as far as whole blocks vary and not single rows. */
export type BlockSpread = {
  /** Covariance matrix of the shares, row by row, B × B. */
  readonly covariance: Float64Array;
  /** What the estimate of the variance rests on. */
  readonly degreesOfFreedom: number;
  readonly blocks: number;
};

/**
 * Covariance of the shares of a clustered sample: the blocks are the clusters, sizes may differ (linearised ratio
 * estimator, Cochran 1977, "Sampling techniques", 3rd ed., eq. 6.13 and ch. 10). `around-mean` takes the residuals from
 * the shares of all blocks; `successive` halves the squared differences of neighbours (von Neumann 1941), which a single
 * break in the middle does not inflate: that break is what is looked for. Its degrees of freedom are 2(K − 1)² / (3K − 4).
 * Undefined below two blocks that hold rows.
 */
export function blockSpread(blocks: Blocks, residuals: 'around-mean' | 'successive'): BlockSpread | undefined {
  const held = blocks.filter((block) => block.some((count) => count > 0));
  const count = held.length;
  if (count < 2) return undefined;
  const bins = held[0]!.length;
  const shares = sharesOf(held, bins);
  const deviations = held.map((block) => deviationsOf(block, shares.perBin));
  const contrasts =
    residuals === 'around-mean' ? deviations : deviations.slice(1).map((row, i) => contrastOf(row, deviations[i]!));
  // K blocks are summed; K / (K − 1) undoes the mean that was fitted, or the difference that is missing.
  const scale = count / (count - 1) / shares.rows ** 2;
  return {
    covariance: outerProducts(contrasts, bins, scale),
    degreesOfFreedom: residuals === 'around-mean' ? count - 1 : (2 * (count - 1) ** 2) / (3 * count - 4),
    blocks: count,
  };
}

function sharesOf(blocks: Blocks, bins: number) {
  const perBin = new Float64Array(bins);
  for (const block of blocks) for (let bin = 0; bin < bins; bin += 1) perBin[bin]! += block[bin]!;
  const rows = perBin.reduce((sum, value) => sum + value, 0);
  for (let bin = 0; bin < bins; bin += 1) perBin[bin]! /= rows;
  return { rows, perBin };
}

// Loops, here and below: these are the innermost of every verdict, and a function for each count is half of their time.
function deviationsOf(block: readonly number[], shares: Float64Array): Float64Array {
  let rows = 0;
  for (const count of block) rows += count;
  const deviations = new Float64Array(shares.length);
  for (let bin = 0; bin < shares.length; bin += 1) deviations[bin] = block[bin]! - shares[bin]! * rows;
  return deviations;
}

function contrastOf(row: Float64Array, before: Float64Array): Float64Array {
  const contrast = new Float64Array(row.length);
  for (let bin = 0; bin < row.length; bin += 1) contrast[bin] = (row[bin]! - before[bin]!) / Math.SQRT2;
  return contrast;
}

function outerProducts(rows: readonly Float64Array[], bins: number, scale: number): Float64Array {
  const matrix = new Float64Array(bins * bins);
  for (const row of rows) {
    for (let i = 0; i < bins; i += 1) {
      const scaled = scale * row[i]!;
      for (let j = 0; j < bins; j += 1) matrix[i * bins + j]! += scaled * row[j]!;
    }
  }
  return matrix;
}
