import { categoricalDrift } from './categorical-drift.ts';
import type { CategoricalColumn } from './column.ts';
import { type ColumnDrift, countedSides, type Days, type Sides, sharedRows } from './column-drift.ts';
import { judgeColumn, type Strictness } from './judge-column.ts';
import { judgedCategories } from './judged-categories.ts';

export function compareCategories(
  name: string,
  columns: Sides<CategoricalColumn>,
  days: Days,
  strictness: Strictness,
): ColumnDrift {
  const { aligned, ...drift } = categoricalDrift(columns.reference, columns.current);
  const n = { reference: columns.reference.rows, current: columns.current.rows };
  const { bins, binOf } = judgedCategories(aligned.reference, aligned.current);
  const binned = (counts: readonly number[]) => {
    const sums = Array.from({ length: bins }, () => 0);
    counts.forEach((count, category) => {
      sums[binOf(category)]! += count;
    });
    return sums;
  };
  const counts = { reference: binned(aligned.reference), current: binned(aligned.current) };
  const placeByCategory = new Map(aligned.categories.map((category, i) => [category, i]));
  const binsByCode = (column: CategoricalColumn) =>
    Int32Array.from(column.counts.keys(), (category) => binOf(placeByCategory.get(category)!));
  const byCode = { reference: binsByCode(columns.reference), current: binsByCode(columns.current) };
  const codeOf = (side: keyof Sides<unknown>, row: number) => columns[side].codes?.[row] ?? -1;
  const verdicts = judgeColumn(
    countedSides(name, 'nominal', counts, days, (side, row) => byCode[side][codeOf(side, row)] ?? -1),
    { missing: sharedRows(`${name} (missing)`, n, drift.missing, days, (side, row) => codeOf(side, row) < 0) },
    strictness,
  );
  return { name, kind: 'categorical', n, ...drift, unseen: aligned.unseen, ...verdicts };
}
