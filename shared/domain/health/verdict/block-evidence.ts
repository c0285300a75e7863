import { totalOf } from '../smoothed-shares.ts';
import { type BlockSpread, type Blocks, blockSpread } from './block-spread.ts';
import { fTail } from './f-tail.ts';

/** Below it a side's blocks do not say how much they vary. */
export const minimumBlocks = 8;

export type BlockEvidence = {
  readonly pValue: number;
  /** How many times the variance of independent rows the blocks have, ≥ 0; a sample of n rows tells as much as n / it. */
  readonly designEffect: number;
  readonly blocks: { readonly reference: number; readonly current: number };
};

export type BlockSides = {
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly referenceBlocks: Blocks;
  readonly currentBlocks: Blocks;
  /**
   * `own`: each side's blocks speak for it. `as-reference`: the current side is this many blocks of the reference's
   * length, too few to vary, and is held to vary as the reference does (`currentBlocks` is not looked at).
   */
  readonly currentSpread: 'own' | { readonly asReferenceBlocks: number };
};

/**
 * Do the shares of two samples differ by more than their blocks vary? Rao & Scott 1981 ("The analysis of categorical data
 * from complex sample surveys"): the squared distance Σ (c − r)² / p̄ against the trace of its covariance under the
 * hypothesis, with Satterthwaite's number of effective bins tr² / tr(·²), here without the bias of few blocks (Bai &
 * Saranadasa 1996), and F with the blocks' degrees of freedom (Thomas & Rao 1987; both sides' by Welch 1947).
 * Undefined when a side has fewer than eight blocks.
 */
export function blockEvidence(sides: BlockSides): BlockEvidence | undefined {
  const { reference, current } = sides;
  const referenceSpread = blockSpread(sides.referenceBlocks, 'around-mean');
  if (referenceSpread === undefined || referenceSpread.blocks < minimumBlocks) return undefined;
  const currentSpread = spreadOfCurrent(sides, referenceSpread);
  if (currentSpread === undefined) return undefined;
  const [n, m] = [totalOf(reference), totalOf(current)];
  const bins = reference.flatMap((count, bin) => (count + current[bin]! > 0 ? [bin] : []));
  const pooled = reference.map((count, bin) => (count + current[bin]!) / (n + m));
  const traces = [trace(referenceSpread, pooled, bins), trace(currentSpread, pooled, bins)] as const;
  const total = traces[0] + traces[1];
  const distance = bins.reduce((sum, bin) => sum + (current[bin]! / m - reference[bin]! / n) ** 2 / pooled[bin]!, 0);
  const independent = (bins.length - 1) * (1 / n + 1 / m);
  const blocks = { reference: referenceSpread.blocks, current: currentSpread.blocks };
  // Blocks without any spread leave no doubt; independent rows still do, and they have their say elsewhere.
  if (total === 0) return { pValue: distance > 0 ? 0 : 1, designEffect: 0, blocks };
  const freedom =
    total ** 2 / (traces[0] ** 2 / referenceSpread.degreesOfFreedom + traces[1] ** 2 / currentSpread.degreesOfFreedom);
  const effective = effectiveBins(
    traceOfSquare(referenceSpread, currentSpread, pooled, bins),
    total,
    freedom,
    bins.length - 1,
  );
  return { pValue: fTail(distance / total, effective, freedom), designEffect: total / independent, blocks };
}

function spreadOfCurrent(
  { currentBlocks, currentSpread }: BlockSides,
  reference: BlockSpread,
): BlockSpread | undefined {
  if (currentSpread === 'own') {
    const own = blockSpread(currentBlocks, 'successive');
    return own === undefined || own.blocks < minimumBlocks ? undefined : own;
  }
  const { asReferenceBlocks: blocks } = currentSpread;
  const scale = reference.blocks / blocks;
  return { ...reference, covariance: reference.covariance.map((value) => value * scale), blocks };
}

function trace({ covariance }: BlockSpread, shares: readonly number[], bins: readonly number[]): number {
  return bins.reduce((sum, bin) => sum + covariance[bin * shares.length + bin]! / shares[bin]!, 0);
}

function traceOfSquare(left: BlockSpread, right: BlockSpread, shares: readonly number[], bins: readonly number[]) {
  let sum = 0;
  for (const i of bins) {
    for (const j of bins) {
      const at = i * shares.length + j;
      sum += (left.covariance[at]! + right.covariance[at]!) ** 2 / (shares[i]! * shares[j]!);
    }
  }
  return sum;
}

function effectiveBins(squares: number, total: number, freedom: number, most: number): number {
  const unbiased = (freedom ** 2 / ((freedom - 1) * (freedom + 2))) * (squares - total ** 2 / freedom);
  return unbiased <= 0 ? most : Math.min(most, Math.max(1, total ** 2 / unbiased));
}
