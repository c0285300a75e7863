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
  const deviations = deviationsOf(held, shares.perBin);
  const contrasts = residuals === 'around-mean' ? deviations : contrastsOf(deviations, bins);
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

// Loops over one matrix, K × B, here and below: these are the innermost of every verdict, and a function for each count or
// an array for each block is half of their time.
function deviationsOf(blocks: Blocks, shares: Float64Array): Float64Array {
  const bins = shares.length;
  const deviations = new Float64Array(blocks.length * bins);
  for (let k = 0; k < blocks.length; k += 1) {
    const block = blocks[k]!;
    let rows = 0;
    for (let bin = 0; bin < bins; bin += 1) rows += block[bin]!;
    for (let bin = 0; bin < bins; bin += 1) deviations[k * bins + bin] = block[bin]! - shares[bin]! * rows;
  }
  return deviations;
}

/** Of each block against the one before it, (K − 1) × B. */
function contrastsOf(deviations: Float64Array, bins: number): Float64Array {
  const contrasts = new Float64Array(deviations.length - bins);
  for (let at = 0; at < contrasts.length; at += 1)
    contrasts[at] = (deviations[at + bins]! - deviations[at]!) / Math.SQRT2;
  return contrasts;
}

function outerProducts(rows: Float64Array, bins: number, scale: number): Float64Array {
  const matrix = new Float64Array(bins * bins);
  for (let row = 0; row < rows.length; row += bins) {
    for (let i = 0; i < bins; i += 1) {
      const scaled = scale * rows[row + i]!;
      for (let j = 0; j < bins; j += 1) matrix[i * bins + j]! += scaled * rows[row + j]!;
    }
  }
  return matrix;
}
