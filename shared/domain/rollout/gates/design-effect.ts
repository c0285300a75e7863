import type { Comparison } from './comparison.ts';
import type { HoldoutColumns } from './holdout-columns.ts';

/**
 * How much larger the variance of an improvement is because rows of a block depend on each other: that of the sums of its
 * blocks against that of independent rows (Kish 1965; for the placements of AUCs Obuchowski 1997). At least two blocks.
 */
export function designEffect(
  { influences, variance }: Pick<Comparison, 'influences' | 'variance'>,
  { blocks, blockCount }: Pick<HoldoutColumns, 'blocks' | 'blockCount'>,
): number {
  if (variance === 0) return 1;
  const sums = new Map<number, number>();
  for (const [row, influence] of influences.entries()) {
    const block = blocks[row]!;
    sums.set(block, (sums.get(block) ?? 0) + influence);
  }
  const squares = [...sums.values()].reduce((sum, value) => sum + value ** 2, 0);
  return (squares * (blockCount / (blockCount - 1))) / variance;
}
