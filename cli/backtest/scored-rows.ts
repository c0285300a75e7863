import type { ReferenceRow } from '../../shared/domain/health/reference-row.ts';
import type { Feature, TaskType } from '../../shared/domain/registry/schemas.ts';
import type { Cell, Table } from '../../shared/ports/table.ts';
import { parseNumber } from '../drift/parse-number.ts';
import { unusable } from '../fault.ts';
import { labelOf } from '../performance/read-outcomes.ts';
import { instantOf, numberOf } from '../performance/read-predictions.ts';

/** What the columns beside the features are called. */
export type ScoredColumns = {
  readonly time: string;
  readonly score: string | undefined;
  readonly label: string | undefined;
  readonly labelTime: string | undefined;
  readonly task: TaskType;
};

export type ScoredRow = ReferenceRow & {
  readonly predictedAtMillis: number;
  /** When the label was there; absent when the file does not say. */
  readonly labelledAtMillis?: number | undefined;
};

/** A table's rows, in file order, as predictions. Throws `ArtifactUnusable` for a value that cannot be. */
export async function* scoredRows(
  file: string,
  table: Table,
  columns: ScoredColumns,
  features: readonly Pick<Feature, 'name' | 'type'>[],
): AsyncGenerator<ScoredRow> {
  const { time, score, label, labelTime, task } = columns;
  const beside = [time, score, label, labelTime].filter((name) => name !== undefined);
  const names = [...new Set([...beside, ...features.map(({ name }) => name)])];
  let row = 0;
  for await (const batch of table.batches(names)) {
    const values = features.map(({ name, type }) => ({ name, type, cells: batch.column(name) }));
    const cells = (name: string | undefined) => (name === undefined ? undefined : batch.column(name));
    const [times, scores, labels, labelTimes] = [batch.column(time), cells(score), cells(label), cells(labelTime)];
    for (let i = 0; i < batch.rows; i += 1) {
      row += 1;
      const place = `row ${row}`;
      const outcome = labels?.[i] ?? null;
      const known = outcome === null ? undefined : labelOf(file, place, label!, outcome, task);
      yield {
        features: Object.fromEntries(
          values.map((feature) => [feature.name, featureValue(feature.type, feature.cells[i]!)]),
        ),
        score: scores === undefined ? Number.NaN : scoreOf(file, place, columns, scores[i]!),
        label: known,
        predictedAtMillis: millisOf(file, place, time, times[i]!),
        ...(labelTimes !== undefined &&
          known !== undefined && { labelledAtMillis: millisOf(file, place, labelTime!, labelTimes[i]!) }),
      };
    }
  }
  if (row === 0) throw unusable(file, 'no row, expected at least one');
}

function millisOf(file: string, place: string, column: string, cell: Cell): number {
  return instantOf(file, place, column, cell) * 1_000;
}

function featureValue(type: Feature['type'], cell: Cell): Cell {
  if (cell === null || type === 'categorical' || typeof cell !== 'string') return cell;
  return parseNumber(cell) ?? cell;
}

function scoreOf(file: string, place: string, { score, task }: ScoredColumns, cell: Cell): number {
  const value = numberOf(file, place, score!, cell);
  if (task === 'regression' || (value >= 0 && value <= 1)) return value;
  throw unusable(file, `${place} has ${score} ${value}, expected 0 to 1 of --task binary`);
}
