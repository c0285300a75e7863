import type { Baseline } from '../../shared/domain/health/baseline.ts';
import { createBaselineCounter } from '../../shared/domain/health/baseline-counter.ts';
import { createBinFinder } from '../../shared/domain/health/bin-finder.ts';
import type { Feature } from '../../shared/domain/registry/schemas.ts';
import { toInstant } from '../../shared/domain/time.ts';
import type { Table } from '../../shared/ports/table.ts';
import { kindOf } from '../drift/collect-column.ts';
import { modelId, version } from './file-model.ts';
import { type ScoredColumns, scoredRows } from './scored-rows.ts';

export type FileReference = { readonly features: readonly Feature[]; readonly baseline: Baseline };

type ReferenceFile = {
  readonly file: string;
  readonly table: Table;
  /** The features, in the order of the file. */
  readonly names: readonly string[];
  readonly categorical: readonly string[];
  readonly columns: ScoredColumns;
};

/**
 * The baseline of a file, which is read three times and never held: for the kinds of its columns, for where bins are to
 * be cut, and for how many rows fall into each. Throws `ArtifactUnusable`.
 */
export async function readFileReference(reference: ReferenceFile): Promise<FileReference> {
  const { file, table, columns } = reference;
  const features = await readFeatures(reference);
  const finder = createBinFinder(features);
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for await (const row of scoredRows(file, table, columns, features)) {
    finder.add(row);
    from = Math.min(from, row.predictedAtMillis);
    to = Math.max(to, row.predictedAtMillis);
  }
  const window = { modelId, version, taskType: columns.task, features, from: toInstant(from), to: toInstant(to) };
  const counter = createBaselineCounter(window, finder.found());
  for await (const row of scoredRows(file, table, columns, features)) counter.add(row);
  return { features, baseline: counter.baseline() };
}

/** Numeric when every value is a number. */
async function readFeatures({ table, names, categorical }: ReferenceFile): Promise<readonly Feature[]> {
  const numeric = new Set(names.filter((name) => !categorical.includes(name)));
  if (numeric.size > 0)
    for await (const batch of table.batches([...numeric]))
      for (const name of numeric) if (kindOf(batch.column(name), undefined) === 'categorical') numeric.delete(name);
  return names.map((name) => ({
    name,
    type: numeric.has(name) ? 'numeric' : 'categorical',
    required: false,
    importance: 1,
  }));
}
