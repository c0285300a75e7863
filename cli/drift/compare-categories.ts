import type { CategoryCounts } from '../../shared/domain/health/statistics/category-counts.ts';
import { categoricalDrift } from './categorical-drift.ts';
import type { CategoricalColumn } from './column.ts';
import { type ColumnDrift, countedSides, type Days, type Sides, sharedRows } from './column-drift.ts';
import { type CountedSides, judgeColumn, type Strictness } from './judge-column.ts';
import { judgedCategories } from './judged-categories.ts';

export function compareCategories(
  name: string,
  columns: Sides<CategoricalColumn>,
  days: Days,
  strictness: Strictness,
): ColumnDrift {
  const { aligned, missing, bins, metrics } = categoricalDrift(columns.reference, columns.current);
  const n = { reference: columns.reference.rows, current: columns.current.rows };
  const values = judgedValues(name, columns, aligned, days);
  const isMissing = (side: keyof Sides<unknown>, row: number) => columns[side].codes![row]! < 0;
  const absent = { missing: sharedRows(`${name} (missing)`, n, missing, days, isMissing) };
  const verdicts = judgeColumn(values, absent, strictness);
  return { name, kind: 'categorical', n, missing, unseen: aligned.unseen, bins, metrics, ...verdicts };
}

function judgedValues(
  name: string,
  columns: Sides<CategoricalColumn>,
  { categories, reference, current }: CategoryCounts,
  days: Days,
): CountedSides {
  const { bins, binOf } = judgedCategories(reference, current);
  const placeByCategory = new Map(categories.map((category, i) => [category, i]));
  const binsByCode = ({ counts }: CategoricalColumn) =>
    Int32Array.from(counts.keys(), (category) => binOf(placeByCategory.get(category)!));
  const byCode = { reference: binsByCode(columns.reference), current: binsByCode(columns.current) };
  const counts = { reference: binned(reference, bins, binOf), current: binned(current, bins, binOf) };
  // A row without a category has the code -1, at which there is no bin.
  return countedSides(name, 'nominal', counts, days, (side, row) => byCode[side][columns[side].codes![row]!] ?? -1);
}

function binned(counts: readonly number[], bins: number, binOf: (category: number) => number): readonly number[] {
  const sums = Array.from({ length: bins }, () => 0);
  for (const [category, count] of counts.entries()) sums[binOf(category)]! += count;
  return sums;
}
