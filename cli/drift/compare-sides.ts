import { asCategories, type Column } from './column.ts';
import type { ColumnDrift, Days, Sides } from './column-drift.ts';
import { compareCategories } from './compare-categories.ts';
import { compareNumbers } from './compare-numbers.ts';
import type { Strictness } from './judge-column.ts';

/** What became of a column. The kinds differ only where the reference holds no value. */
export function compareSides(
  name: string,
  { reference, current }: Sides<Column>,
  days: Days,
  strictness: Strictness,
): ColumnDrift {
  if (reference.kind === 'numeric' && current.kind === 'numeric')
    return compareNumbers(name, { reference, current }, days, strictness);
  const sides = { reference: asCategories(reference), current: asCategories(current) };
  return compareCategories(name, sides, days, strictness);
}
