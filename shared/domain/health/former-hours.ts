import { smoothedShares } from './smoothed-shares.ts';
import { minimumBlocks } from './verdict/block-evidence.ts';
import type { Blocks } from './verdict/block-spread.ts';

/** Counts of the same hours so many days ago. */
export type FormerCounts = { readonly daysBack: number; readonly counts: readonly number[] };

/** What the last hours are held against, and how much such hours vary. */
export type FormerSides = { readonly reference: readonly number[]; readonly blocks: Blocks };

/** Fewer weeks than this say nothing of a weekday. */
export const minimumWeeks = 3;

/**
 * The same hours of the same weekday. How much they vary is estimated from all weekdays, each around its own mean, because
 * a few weeks alone have too few degrees of freedom for any small level: Helmert contrasts (each week against the mean of
 * the weeks before it), so that a weekday of W weeks gives W − 1 blocks, scaled so that one more block differs from the
 * reference by (1 + 1 / W) of a block's variance. Shares below 0 are cut off. Undefined with fewer than eight such blocks.
 */
export function sameWeekday(former: readonly FormerCounts[]): FormerSides | undefined {
  const held = former.filter(({ counts }) => sum(counts) > 0);
  const byWeekday = Map.groupBy(held, ({ daysBack }) => daysBack % 7);
  const own = byWeekday.get(0) ?? [];
  if (own.length < minimumWeeks) return undefined;
  const reference = totals(own.map(({ counts }) => counts));
  const shares = smoothedShares(reference);
  const contrasts = [...byWeekday.values()].flatMap((weeks) => contrastsOf(weeks.map(({ counts }) => counts)));
  if (contrasts.length < minimumBlocks) return undefined;
  const scale = Math.sqrt((1 + 1 / own.length) / (1 + 1 / contrasts.length));
  const blocks = contrasts.map(({ deviations, rows }) =>
    shares.map((share, bin) => Math.max(0, share + scale * Math.sqrt(share) * deviations[bin]!) * rows),
  );
  return { reference, blocks };
}

/** The same hours of all days, weekdays mixed. Undefined with fewer than eight of them. */
export function anyDay(former: readonly FormerCounts[]): FormerSides | undefined {
  const blocks = former.map(({ counts }) => counts).filter((counts) => sum(counts) > 0);
  return blocks.length < minimumBlocks ? undefined : { reference: totals(blocks), blocks };
}

/** In units of the root of the weekday's own share, because a rare value varies less than a common one. */
function contrastsOf(weeks: Blocks): readonly { readonly deviations: readonly number[]; readonly rows: number }[] {
  const roots = smoothedShares(totals(weeks)).map(Math.sqrt);
  const shares = weeks.map((counts) => counts.map((count, bin) => count / sum(counts) / roots[bin]!));
  return shares.slice(1).map((share, i) => {
    const before = totals(shares.slice(0, i + 1));
    const factor = Math.sqrt((i + 1) / (i + 2));
    return {
      deviations: share.map((value, bin) => factor * (value - before[bin]! / (i + 1))),
      rows: sum(weeks[i + 1]!),
    };
  });
}

function totals(blocks: Blocks): readonly number[] {
  return (blocks[0] ?? []).map((_, bin) => blocks.reduce((total, block) => total + block[bin]!, 0));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
