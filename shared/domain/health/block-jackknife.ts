import studentCdf from '@stdlib/stats-base-dists-t-cdf';
import { type UndefinedStatistic, undefinedStatistic } from './undefined-statistic.ts';

/** With fewer there is no spread to speak of. */
export const minimumBlocks = 3;

type BlockTest = {
  readonly value: number;
  readonly pValue: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  readonly blocks: number;
};

export type BlockTestInput<T> = {
  readonly blocks: readonly T[];
  readonly merge: (left: T, right: T) => T;
  /** 0 under the hypothesis that nothing is wrong; null where the rows do not define it. */
  readonly statistic: (rows: T) => number | null;
  readonly alternative: 'greater' | 'two-sided';
  /**
   * `successive`: from the squared differences of neighbouring blocks (von Neumann 1941), which a single break does not
   * inflate; blocks in the order of time. @default 'around-mean'
   */
  readonly spread?: 'around-mean' | 'successive';
};

/**
 * Is a statistic of all rows different from 0, given that only the blocks are independent? Delete-one-block jackknife
 * (Miller 1974, "The jackknife: a review"; blocks as in Künsch 1989): standard error² = (k - 1) / k Σ (θ₋ᵢ - θ̄)², the
 * ratio to it compared with Student's t of k - 1 degrees of freedom. For a mean over blocks of equal size this is the
 * t-test of the block means; unlike that test it also judges what is no mean (AUC, skill, RMSE) and weighs blocks by
 * their rows. Undefined below three blocks, or where leaving one out leaves the statistic undefined. `successive` takes
 * the spread of the pseudo-values kθ - (k - 1) θ₋ᵢ between neighbours, with 2 (k - 1)² / (3k - 4) degrees of freedom.
 */
export function blockJackknife<T>(input: BlockTestInput<T>): BlockTest | UndefinedStatistic {
  const { blocks, merge, statistic, alternative, spread = 'around-mean' } = input;
  const count = blocks.length;
  if (count < minimumBlocks) return undefinedStatistic(`needs ${minimumBlocks} day blocks, has ${count}`);
  const { whole, leftOut: parts } = mergedOf(blocks, merge);
  const value = statistic(whole);
  const leftOut = parts.map(statistic);
  const defined = leftOut.filter((estimate) => estimate !== null);
  if (value === null || defined.length < count) return undefinedStatistic('a single day makes the metric defined');
  const standardError = Math.sqrt(((count - 1) / count) * squaresOf(defined, spread));
  const degreesOfFreedom = spread === 'around-mean' ? count - 1 : (2 * (count - 1) ** 2) / (3 * count - 4);
  const pValue = tailOf(value, standardError, degreesOfFreedom, alternative);
  return { value, pValue, standardError, degreesOfFreedom, blocks: count };
}

/** Σ (θ₋ᵢ - θ̄)² has k - 1 degrees of freedom, and there are k - 1 differences: both sums expect the same. */
function squaresOf(estimates: readonly number[], spread: 'around-mean' | 'successive'): number {
  if (spread === 'successive')
    return estimates.slice(1).reduce((sum, estimate, i) => sum + (estimate - estimates[i]!) ** 2 / 2, 0);
  const mean = estimates.reduce((sum, estimate) => sum + estimate, 0) / estimates.length;
  return estimates.reduce((sum, estimate) => sum + (estimate - mean) ** 2, 0);
}

function tailOf(
  value: number,
  standardError: number,
  degreesOfFreedom: number,
  alternative: BlockTestInput<unknown>['alternative'],
): number {
  const distance = alternative === 'greater' ? value : Math.abs(value);
  const sides = alternative === 'greater' ? 1 : 2;
  if (distance === 0) return sides / 2;
  // Equal blocks leave no doubt.
  if (standardError === 0) return distance > 0 ? 0 : 1;
  return sides * studentCdf(-distance / standardError, degreesOfFreedom);
}

type Merged<T> = { readonly whole: T; readonly leftOut: readonly T[] };
type Merge<T> = BlockTestInput<T>['merge'];

// Several statistics are asked of the same blocks, and merging them is the dearest part.
const known = new WeakMap<readonly unknown[], { readonly merge: unknown; readonly merged: unknown }>();

function mergedOf<T>(blocks: readonly T[], merge: Merge<T>): Merged<T> {
  const before = known.get(blocks);
  if (before?.merge === merge) return before.merged as Merged<T>;
  const merged = { whole: blocks.reduce((left, right) => merge(left, right)), leftOut: leaveOneOut(blocks, merge) };
  known.set(blocks, { merge, merged });
  return merged;
}

/** Everything merged but one block, for each block; two passes instead of one merge per pair. */
function leaveOneOut<T>(blocks: readonly T[], merge: (left: T, right: T) => T): readonly T[] {
  const before = runningMerge(blocks, merge);
  const after = runningMerge(blocks.toReversed(), (left, right) => merge(right, left)).toReversed();
  return blocks.map((_, i) => {
    const left = before[i - 1];
    const right = after[i + 1];
    if (left === undefined) return right!;
    return right === undefined ? left : merge(left, right);
  });
}

function runningMerge<T>(blocks: readonly T[], merge: (left: T, right: T) => T): readonly T[] {
  const merged: T[] = [];
  for (const block of blocks) {
    const last = merged.at(-1);
    merged.push(last === undefined ? block : merge(last, block));
  }
  return merged;
}
