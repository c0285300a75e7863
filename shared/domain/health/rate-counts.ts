import { unseenExcess } from './unseen-excess.ts';

export type Rate = 'missing' | 'unseen';

/**
 * The rows that a rate counts, and the others: missing ones among all rows, unseen ones among those with a value, beyond
 * what a reference with this share of single categories leaves unseen anyhow.
 */
export function rateCounts(
  { known, missing, unseen }: { readonly known: number; readonly missing: number; readonly unseen: number },
  what: Rate,
  singletonRatio = 0,
): readonly [number, number] {
  const rows = known + unseen;
  if (what === 'missing') return [missing, rows];
  const excess = unseenExcess(unseen, rows, singletonRatio);
  return [excess, rows - excess];
}
