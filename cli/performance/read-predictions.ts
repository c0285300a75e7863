import type { Cell, Table } from '../../shared/ports/table.ts';
import { unusable } from '../fault.ts';
import { unixSeconds } from '../instant.ts';

export type Prediction = {
  readonly score: number;
  /** Unix seconds; -Infinity when nobody asked. */
  readonly madeAt: number;
  /** In the window that was asked; the others serve to know their outcomes. */
  readonly isAsked: boolean;
};

export type PredictionColumns = {
  readonly id: string;
  readonly score: string;
  /** Only read when there is a watermark. */
  readonly time?: string;
  readonly window?: { readonly column: string; readonly value: string };
};

/** Predictions by id, a repeated id as it was first written. Throws `ArtifactUnusable`. */
export async function readPredictions(
  file: string,
  table: Table,
  columns: PredictionColumns,
): Promise<ReadonlyMap<string, Prediction>> {
  const { id, score, time, window } = columns;
  const predictions = new Map<string, Prediction>();
  const names = [id, score, time, window?.column].filter((name) => name !== undefined);
  for await (const batch of table.batches([...new Set(names)])) {
    const [ids, scores] = [batch.column(id), batch.column(score)];
    const times = time === undefined ? undefined : batch.column(time);
    const windows = window === undefined ? undefined : batch.column(window.column);
    for (let i = 0; i < batch.rows; i += 1) {
      const key = idOf(file, id, ids[i]!);
      if (predictions.has(key)) continue;
      predictions.set(key, {
        score: numberOf(file, `prediction ${key}`, score, scores[i]!),
        madeAt: times === undefined ? Number.NEGATIVE_INFINITY : instantOf(file, `prediction ${key}`, time!, times[i]!),
        isAsked: windows === undefined || String(windows[i]) === window!.value,
      });
    }
  }
  if (predictions.size === 0) throw unusable(file, 'no prediction, expected at least one row');
  return predictions;
}

export function idOf(file: string, column: string, cell: Cell): string {
  if (cell === null) throw unusable(file, `a row has no ${column}`);
  return String(cell);
}

export function numberOf(file: string, what: string, column: string, cell: Cell): number {
  const number = typeof cell === 'number' || typeof cell === 'string' ? Number(cell) : Number.NaN;
  if (Number.isFinite(number)) return number;
  throw unusable(file, `${what} has ${column} ${JSON.stringify(String(cell))}, expected a number`);
}

export function instantOf(file: string, what: string, column: string, cell: Cell): number {
  const seconds = unixSeconds(cell);
  if (seconds !== undefined) return seconds;
  const expected = 'Unix seconds, milliseconds or ISO-8601 text';
  throw unusable(file, `${what} has ${column} ${JSON.stringify(String(cell))}, expected ${expected}`);
}
