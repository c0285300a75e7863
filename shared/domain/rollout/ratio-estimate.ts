import { dayOf, hourMillis, hourStart, toMillis } from '../time.ts';
import type { Estimate } from './confidence-sequence.ts';

/** Of one hour: the sum of differences, and the sum that they are relative to. */
export type RatioHour = {
  /** `2001-01-22T06` */ readonly hour: string;
  readonly difference: number;
  readonly base: number;
};
export type BlockUnit = 'hour' | 'day';
export type RatioEstimate = Estimate & { readonly unit: BlockUnit; readonly blocks: number };

/** Below this the variance between blocks is a guess, whatever its distribution. */
export const sequenceBlocks: Readonly<Record<BlockUnit, number>> = { hour: 12, day: 7 };

// Higher estimates of so short a series say no more than "very high".
const highestCorrelation = 0.7;

/**
 * d = ΣD / |ΣO| over blocks with whole blocks as clusters: its variance is B / (B - 1) · Σ (D_b - d O_b)² / (ΣO)²
 * (Cochran, Sampling Techniques, 1977, section 6.4). Blocks are days from `minimumDays` on, since rows of one day share its
 * weather, load and fashion. Hours before that are dependent too: their variance is multiplied, and their number divided,
 * by (1 + φ) / (1 - φ), φ the first autocorrelation of the residuals of neighbouring hours, freed of its bias
 * (Marriott & Pope 1954; Kendall 1954). The base must not sum to 0. The order in which hours are given does not matter.
 */
export function ratioEstimate(hours: readonly RatioHour[], minimumDays: number): RatioEstimate {
  const days = new Set(hours.map(({ hour }) => dayOf(hour)));
  const unit = days.size >= minimumDays ? 'day' : 'hour';
  const blocks = unit === 'day' ? mergeDays(hours) : hours.toSorted((a, b) => (a.hour < b.hour ? -1 : 1));
  const [difference, base] = [sum(blocks, (block) => block.difference), sum(blocks, (block) => block.base)];
  const ratio = difference / base;
  const residuals = blocks.map((block) => block.difference - ratio * block.base);
  const squares = sum(residuals, (residual) => residual ** 2);
  const correlation = unit === 'day' ? 0 : correlationOf(blocks, residuals, squares);
  const inflation = (1 + correlation) / (1 - correlation);
  const count = blocks.length;
  return {
    estimate: difference / Math.abs(base),
    standardError: Math.sqrt((count / (count - 1)) * squares * inflation) / Math.abs(base),
    freedom: count / inflation - 1,
    unit,
    blocks: count,
  };
}

function correlationOf(blocks: readonly RatioHour[], residuals: readonly number[], squares: number): number {
  let [products, neighbours] = [0, 0];
  for (let i = 1; i < blocks.length; i += 1) {
    if (!areNeighbours(blocks[i - 1]!.hour, blocks[i]!.hour)) continue;
    products += residuals[i - 1]! * residuals[i]!;
    neighbours += 1;
  }
  if (squares === 0 || neighbours === 0) return 0;
  const count = blocks.length;
  const raw = (products / neighbours / squares) * count;
  return Math.min(highestCorrelation, Math.max(0, (raw + 1 / count) / (1 - 4 / count)));
}

function areNeighbours(hour: string, next: string): boolean {
  // Within a day the two last digits tell; parsing dates would cost more than all else.
  if (dayOf(hour) === dayOf(next)) return Number(next.slice(11)) === Number(hour.slice(11)) + 1;
  return toMillis(hourStart(next)) === toMillis(hourStart(hour)) + hourMillis;
}

function mergeDays(hours: readonly RatioHour[]): readonly RatioHour[] {
  return [...Map.groupBy(hours, ({ hour }) => dayOf(hour))].map(([day, ofDay]) => ({
    hour: day,
    difference: sum(ofDay, (block) => block.difference),
    base: sum(ofDay, (block) => block.base),
  }));
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += of(item);
  return total;
}
