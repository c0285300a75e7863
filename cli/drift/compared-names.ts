import { expectColumns } from '../../shared/adapters/tables/table-error.ts';
import { unusable } from '../fault.ts';
import type { Sides } from './column-drift.ts';
import type { Side } from './compare-tables.ts';

export type NamedColumns = {
  /** Say which rows are compared, and are not compared themselves. */
  readonly aside: readonly string[];
  readonly exclude: readonly string[];
  readonly categorical: readonly string[];
};

/**
 * The columns of the reference that are compared. Throws `ArtifactUnusable` for a name that is no column of the
 * reference, a column that the current file lacks, and when none is left.
 */
export function comparedNames({ reference, current }: Sides<Side>, named: NamedColumns): readonly string[] {
  const { aside, exclude, categorical } = named;
  const { file } = reference.choice;
  expectColumns(file, [...new Set([...reference.table.columns, ...current.table.columns])], exclude);
  expectColumns(file, reference.table.columns, categorical);
  const names = reference.table.columns.filter((name) => !aside.includes(name) && !exclude.includes(name));
  if (names.length === 0) throw unusable(file, 'no column is left to compare');
  const lacking = names.find((name) => !current.table.columns.includes(name));
  if (lacking === undefined) return names;
  throw unusable(
    current.choice.file,
    `no column ${JSON.stringify(lacking)}, which ${file} has: add it or --exclude it`,
  );
}
