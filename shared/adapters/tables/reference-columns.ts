import type { ReferenceSchema } from '../../domain/registry/reference-row-reader.ts';
import type { Cell, TableBatch } from '../../ports/table.ts';

/** Which columns of a table make a row of a reference window. */
export type ReferenceColumns = {
  /** All that are read. */
  readonly names: readonly string[];
  readonly features: readonly { readonly name: string; readonly type: 'numeric' | 'categorical' }[];
  readonly score: string;
  readonly label: string | undefined;
  readonly predictedAt: string | undefined;
};

/**
 * Features by their names; score, label and time by the names the version gives, else `score`, `label` and
 * `predictedAt`. An optional feature, and a label or time nobody named, may be absent; any other missing column is left
 * for the table to report.
 */
export function referenceColumns(schema: ReferenceSchema, found: readonly string[]): ReferenceColumns {
  const { features, columns = {} } = schema;
  const ifPresent = (name: string) => (found.includes(name) ? name : undefined);
  const read = features.filter(({ name, required }) => required || found.includes(name));
  const score = columns.score ?? 'score';
  const label = columns.label ?? ifPresent('label');
  const predictedAt = columns.predictedAt ?? ifPresent('predictedAt');
  const names = [...read.map(({ name }) => name), score, label, predictedAt].filter((name) => name !== undefined);
  return { names: [...new Set(names)], features: read, score, label, predictedAt };
}

/** Gives a row of the batch in the shape of an NDJSON line. */
export function rowOfBatch(schema: ReferenceSchema, columns: ReferenceColumns, batch: TableBatch) {
  const features = columns.features.map(({ name, type }) => ({ name, type, cells: batch.column(name) }));
  const cellsOf = (name: string | undefined) => (name === undefined ? undefined : batch.column(name));
  const scores = batch.column(columns.score);
  const labels = cellsOf(columns.label);
  const times = cellsOf(columns.predictedAt);
  return (index: number) => ({
    features: Object.fromEntries(
      features.map(({ name, type, cells }) => [
        name,
        type === 'numeric' ? numeric(cells[index]!) : text(cells[index]!),
      ]),
    ),
    score: numeric(scores[index]!),
    label: labels === undefined ? undefined : labelOf(labels[index]!, schema.taskType),
    predictedAt: times === undefined ? undefined : timeOf(times[index]!),
  });
}

// A table says NaN where JSON says null.
const notANumber = /^[+-]?(nan|inf(inity)?)$/i;

/** CSV knows text only; what is no number stays as it is, so that the row is refused with what it holds. */
function numeric(cell: Cell): Cell {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  if (typeof cell !== 'string') return cell;
  const trimmed = cell.trim();
  if (trimmed === '' || notANumber.test(trimmed)) return null;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : cell;
}

function text(cell: Cell): Cell {
  if (typeof cell !== 'number') return cell;
  return Number.isNaN(cell) ? null : String(cell);
}

function labelOf(cell: Cell, taskType: ReferenceSchema['taskType']): Cell | undefined {
  if (typeof cell === 'boolean' && taskType === 'binary') return Number(cell);
  return numeric(cell) ?? undefined;
}

function timeOf(cell: Cell): Cell | undefined {
  if (typeof cell === 'string' && /^\d+$/.test(cell)) return Number(cell);
  return cell ?? undefined;
}
