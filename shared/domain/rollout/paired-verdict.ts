import studentQuantile from '@stdlib/stats-base-dists-t-quantile';
import type { LossBlocks, LossSums } from './loss-blocks.ts';
import { percentText } from './percent-text.ts';
import type { PairedEvidence, Verdict } from './rollout.ts';

export type PairedLimits = {
  /** Largest tolerated relative increase of the loss. */
  readonly marginRatio: number;
  /** One-sided level of each of the two bounds, already divided over all looks. */
  readonly significance: number;
  readonly minimumRows: number;
};

export type PairedResult = { readonly verdict: Verdict; readonly paired: PairedEvidence; readonly reason: string };

/** Below this the variance between blocks is a guess, whatever its t quantile. */
export const minimumBlocks: Readonly<Record<LossBlocks['unit'], number>> = { day: 3, hour: 12 };

/**
 * Non-inferiority on the paired loss. With D the sum of the candidate's minus the champion's losses and O the sum of the
 * champion's, the relative difference is the ratio estimator d = ΣD / ΣO over blocks b. Its variance follows by
 * linearisation, B / (B - 1) · Σ (D_b - d O_b)² / (ΣO)² (Cochran, Sampling Techniques, 1977, section 6.4), with whole
 * blocks as clusters and a t quantile with B - 1 degrees of freedom (Cameron, Gelbach, Miller, "Bootstrap-based
 * improvements for inference with clustered errors", 2008). `pass`: the upper bound (Wald) is below the margin. `fail`:
 * the lower bound is above it. Everything else, no data included, is `inconclusive`.
 */
export function pairedVerdict({ unit, blocks }: LossBlocks, limits: PairedLimits): PairedResult {
  const n = sum(blocks, ({ n }) => n);
  const championLoss = sum(blocks, ({ championLoss }) => championLoss);
  const difference = sum(blocks, ({ difference }) => difference);
  const counts = { n, blocks: blocks.length, ...meanLosses(n, championLoss, difference) };
  const lacking = whatIsLacking(n, blocks.length, unit, limits.minimumRows);
  if (lacking !== undefined || championLoss <= 0) {
    const relativeDifference = championLoss > 0 ? difference / championLoss : null;
    const reason = `paired loss inconclusive: ${lacking ?? 'the champion made no loss to compare with'}`;
    return { verdict: 'inconclusive', paired: { ...counts, relativeDifference, interval: null }, reason };
  }
  const ratio = difference / championLoss;
  const halfWidth =
    studentQuantile(1 - limits.significance, blocks.length - 1) * ratioStandardError(blocks, ratio, championLoss);
  const paired = { ...counts, relativeDifference: ratio, interval: [ratio - halfWidth, ratio + halfWidth] } as const;
  const verdict =
    ratio + halfWidth < limits.marginRatio ? 'pass' : ratio - halfWidth > limits.marginRatio ? 'fail' : 'inconclusive';
  return { verdict, paired, reason: describe(verdict, paired, unit, halfWidth, limits.marginRatio) };
}

function ratioStandardError(blocks: readonly LossSums[], ratio: number, championLoss: number): number {
  const squares = sum(blocks, (block) => (block.difference - ratio * block.championLoss) ** 2);
  return Math.sqrt((blocks.length / (blocks.length - 1)) * squares) / championLoss;
}

function meanLosses(n: number, championLoss: number, difference: number) {
  return n === 0
    ? { championLoss: null, candidateLoss: null }
    : { championLoss: championLoss / n, candidateLoss: (championLoss + difference) / n };
}

function whatIsLacking(n: number, blocks: number, unit: LossBlocks['unit'], minimumRows: number): string | undefined {
  if (n < minimumRows) return `needs ${minimumRows} rows scored by both, has ${n}`;
  if (blocks < minimumBlocks[unit]) return `needs rows of ${minimumBlocks[unit]} ${unit}s, has ${blocks}`;
  return undefined;
}

function describe(
  verdict: Verdict,
  { n, blocks, relativeDifference, interval }: PairedEvidence,
  unit: string,
  halfWidth: number,
  margin: number,
): string {
  const [low, high] = interval ?? [Number.NaN, Number.NaN];
  const evidence = `loss ${percentText(relativeDifference ?? Number.NaN)} against the champion, interval ${percentText(low)} to ${percentText(high)}, margin ${percentText(margin)}, n ${n} in ${blocks} ${unit} blocks`;
  // The interval shrinks with the root of n; what is needed if the two were equally good.
  const needed = Math.ceil(n * (halfWidth / margin) ** 2);
  const more = verdict === 'inconclusive' && needed > n ? `; needs about ${needed}` : '';
  return `paired loss ${verdict} (${evidence}${more})`;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
