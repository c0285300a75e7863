import { totalOf } from '../smoothed-shares.ts';
import { type BlockSpread, type Blocks, blockSpread } from './block-spread.ts';
import { fTail } from './f-tail.ts';

const mostRounds = 100;
/** Of the eigenvalue, relative. */
const accuracy = 1e-4;

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
  /**
   * `as-current`: of the reference only its length is known, in blocks of the current side's length; it is held to vary
   * as the current side does (`referenceBlocks` is not looked at). @default 'own'
   */
  readonly referenceSpread?: 'own' | { readonly asCurrentBlocks: number } | undefined;
};

/**
 * Do the shares of two samples differ by more than their blocks vary? Rao & Scott 1981 ("The analysis of categorical data
 * from complex sample surveys"): the squared distance Σ Δ² / p̄ against the trace of its covariance under the hypothesis,
 * as F with effective bins and, for each of them, the blocks' degrees of freedom (Thomas & Rao 1987). Made to hold far out in the tail, where the levels are:
 * - effective bins are trace / largest eigenvalue, not Satterthwaite's tr² / tr(·²): beyond the bulk a sum of unequal χ²
 *   falls off as its largest part does;
 * - Δ is the smaller of the difference of shares and of that of logits times p (1 − p): effects of a day multiply, and a
 *   rare share that now and then doubles is skewed;
 * - a current side with blocks of its own must differ by their variation (degrees of freedom of both sides by Welch 1947)
 *   and by that of as many blocks of the reference: eight blocks that happen to agree prove nothing. The larger p counts.
 * Blocks of the current side may hold more rows than it; the variance of fewer rows is larger in proportion.
 * Calibrated in docs/calibration.md. Undefined when a side that speaks for itself has fewer than eight blocks.
 */
export function blockEvidence(sides: BlockSides): BlockEvidence | undefined {
  const { currentSpread, referenceSpread = 'own' } = sides;
  if (referenceSpread !== 'own') return asCurrent(sides, referenceSpread.asCurrentBlocks);
  const reference = spreadOfReference(sides.referenceBlocks);
  if (reference === undefined || reference.blocks < minimumBlocks) return undefined;
  if (currentSpread !== 'own') return evidenceAgainst(sides, borrowed(reference, currentSpread.asReferenceBlocks));
  const own = currentSpreadOf(sides);
  if (own === undefined) return undefined;
  const asOwn = evidenceAgainst(sides, together(reference, own, sides));
  const asReference = evidenceAgainst(
    sides,
    borrowed(reference, own.blocks / excessOf(sides.currentBlocks, sides.current)),
  );
  return asOwn.pValue >= asReference.pValue ? asOwn : { ...asReference, blocks: asOwn.blocks };
}

// The same blocks are held against more than one current side.
const spreads = new WeakMap<Blocks, BlockSpread>();

function spreadOfReference(blocks: Blocks): BlockSpread | undefined {
  const spread = spreads.get(blocks) ?? blockSpread(blocks, 'around-mean');
  if (spread !== undefined) spreads.set(blocks, spread);
  return spread;
}

function asCurrent(sides: BlockSides, asCurrentBlocks: number): BlockEvidence | undefined {
  const own = sides.currentSpread === 'own' ? currentSpreadOf(sides) : undefined;
  if (own === undefined) return undefined;
  const spread = borrowed(
    { ...own, blocks: own.blocks / excessOf(sides.currentBlocks, sides.current) },
    asCurrentBlocks,
  );
  return evidenceAgainst(sides, { ...spread, blocks: { reference: asCurrentBlocks, current: own.blocks } });
}

/** Undefined for too few blocks. */
function currentSpreadOf({ current, currentBlocks }: BlockSides): BlockSpread | undefined {
  const spread = blockSpread(currentBlocks, 'successive');
  if (spread === undefined || spread.blocks < minimumBlocks) return undefined;
  const excess = excessOf(currentBlocks, current);
  return excess === 1 ? spread : { ...spread, covariance: spread.covariance.map((value) => value * excess) };
}

function excessOf(blocks: Blocks, counts: readonly number[]): number {
  return blocks.reduce((sum, block) => sum + totalOf(block), 0) / totalOf(counts);
}

/** Of the difference of two sides. */
type Spread = {
  readonly covariance: Float64Array;
  readonly degreesOfFreedom: number;
  readonly blocks: BlockEvidence['blocks'];
};

/** The other side varies as so many blocks of this one would. */
function borrowed({ covariance, degreesOfFreedom, blocks }: BlockSpread, others: number): Spread {
  const scale = 1 + blocks / others;
  return {
    covariance: covariance.map((value) => value * scale),
    degreesOfFreedom,
    blocks: { reference: blocks, current: others },
  };
}

function together(left: BlockSpread, right: BlockSpread, sides: BlockSides): Spread {
  const scales = scalesOf(sides);
  const [a, b] = [trace(left.covariance, scales), trace(right.covariance, scales)];
  return {
    covariance: left.covariance.map((value, at) => value + right.covariance[at]!),
    degreesOfFreedom:
      a + b === 0 ? 1 : (a + b) ** 2 / (a ** 2 / left.degreesOfFreedom + b ** 2 / right.degreesOfFreedom),
    blocks: { reference: left.blocks, current: right.blocks },
  };
}

function evidenceAgainst(sides: BlockSides, { covariance, degreesOfFreedom, blocks }: Spread): BlockEvidence {
  const { reference, current } = sides;
  const [n, m] = [totalOf(reference), totalOf(current)];
  const scales = scalesOf(sides);
  const total = trace(covariance, scales);
  const distance = scales.reduce(
    (sum, scale, bin) => sum + (scale * boundedDifference(reference[bin]! / n, current[bin]! / m)) ** 2,
    0,
  );
  // Blocks without any spread leave no doubt; independent rows still do, and they have their say elsewhere.
  if (total === 0) return { pValue: distance > 0 ? 0 : 1, designEffect: 0, blocks };
  const held = scales.filter((scale) => scale > 0).length;
  const effective = Math.max(1, total / largestEigenvalue(covariance, scales));
  return {
    pValue: fTail(distance / total, effective, effective * degreesOfFreedom),
    designEffect: total / ((held - 1) * (1 / n + 1 / m)),
    blocks,
  };
}

/** 1 / √p̄ of each bin, 0 where it is empty on both sides. */
function scalesOf({ reference, current }: BlockSides): readonly number[] {
  const rows = totalOf(reference) + totalOf(current);
  return reference.map((count, bin) => (count + current[bin]! > 0 ? Math.sqrt(rows / (count + current[bin]!)) : 0));
}

function boundedDifference(reference: number, current: number): number {
  const linear = Math.abs(current - reference);
  if (reference === 0 || reference === 1 || current === 0 || current === 1) return linear;
  const logits = Math.log((current * (1 - reference)) / (reference * (1 - current)));
  return Math.min(linear, reference * (1 - reference) * Math.abs(logits));
}

function trace(covariance: Float64Array, scales: readonly number[]): number {
  return scales.reduce((sum, scale, bin) => sum + covariance[bin * scales.length + bin]! * scale ** 2, 0);
}

/** Of the scaled covariance, by power iteration (von Mises & Pollaczek-Geiringer 1929). */
function largestEigenvalue(covariance: Float64Array, scales: readonly number[]): number {
  const size = scales.length;
  const scaled = new Float64Array(covariance.length);
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j < size; j += 1) scaled[i * size + j] = covariance[i * size + j]! * scales[i]! * scales[j]!;
  // Of no direction that data have.
  let vector = Float64Array.from(scales, (_, bin) => Math.cos(bin + 1));
  let image = new Float64Array(size);
  let value = 0;
  for (let round = 0, length = lengthOf(vector); round < mostRounds; round += 1) {
    for (let i = 0; i < size; i += 1) {
      let sum = 0;
      for (let j = 0; j < size; j += 1) sum += scaled[i * size + j]! * vector[j]!;
      image[i] = sum / length;
    }
    length = lengthOf(image);
    if (length - value < accuracy * length) return length;
    value = length;
    [vector, image] = [image, vector];
  }
  return value;
}

/** A loop: `Math.hypot` guards against an overflow that shares cannot come to, and takes most of the time. */
function lengthOf(vector: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < vector.length; i += 1) squares += vector[i]! ** 2;
  return Math.sqrt(squares);
}
