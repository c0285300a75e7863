import type { Table, TableBatch } from '../../shared/ports/table.ts';
import { unusable } from '../fault.ts';
import { unixSeconds } from '../instant.ts';
import type { Chosen } from './collect-column.ts';
import { GrowingArray } from './growing-array.ts';

const secondsPerDay = 86_400;
/** How many windows a message names. */
const namedWindows = 10;

/** Which rows of a file are compared, and what tells their day. */
export type Choice = {
  readonly file: string;
  readonly window: { readonly column: string; readonly value: string } | undefined;
  readonly timeColumn: string | undefined;
};

export type ChosenRows = {
  /** How many are chosen; undefined when only reading the file would tell. */
  readonly rows: number | undefined;
  /** UTC day of each chosen row, counted from 1970-01-01; undefined without a time column. */
  readonly days: Int32Array | undefined;
  /** Of all rows of the file; undefined: all are chosen. */
  readonly chosen: Chosen;
};

/** Reads the window and time columns, and nothing when there are none. Throws `ArtifactUnusable` when no row is chosen, or a row has no time. */
export async function chooseRows(table: Table, choice: Choice): Promise<ChosenRows> {
  const { file, window, timeColumn } = choice;
  const names = [window?.column, timeColumn].filter((name) => name !== undefined);
  if (names.length === 0) return { rows: table.rows, days: undefined, chosen: undefined };
  const days = new GrowingArray((length) => new Int32Array(length));
  const marks: Uint8Array[] = [];
  const others = new Set<string>();
  let rows = 0;
  for await (const batch of table.batches([...new Set(names)])) {
    const mark = window === undefined ? undefined : windowMarks(batch, window, others);
    if (mark !== undefined) marks.push(mark);
    rows += mark === undefined ? batch.rows : mark.reduce((sum, isChosen) => sum + isChosen, 0);
    if (timeColumn !== undefined) addDays(file, batch, timeColumn, mark, days);
  }
  if (rows === 0) throw unusable(file, whyNone(window, others));
  return {
    rows,
    days: timeColumn === undefined ? undefined : days.view(),
    chosen: window === undefined ? undefined : Buffer.concat(marks),
  };
}

function windowMarks(batch: TableBatch, window: NonNullable<Choice['window']>, others: Set<string>): Uint8Array {
  const cells = batch.column(window.column);
  return Uint8Array.from(cells as ArrayLike<unknown>, (cell) => {
    const name = String(cell);
    if (name === window.value) return 1;
    if (others.size < namedWindows) others.add(name);
    return 0;
  });
}

function addDays(file: string, batch: TableBatch, column: string, chosen: Chosen, days: GrowingArray<Int32Array>) {
  const cells = batch.column(column);
  for (let i = 0; i < batch.rows; i += 1) {
    if (chosen?.[i] === 0) continue;
    const seconds = unixSeconds(cells[i]!);
    if (seconds === undefined) {
      const expected = 'Unix seconds, milliseconds or ISO-8601 text';
      throw unusable(file, `a row has ${column} ${JSON.stringify(String(cells[i]))}, expected ${expected}`);
    }
    days.push(Math.floor(seconds / secondsPerDay));
  }
}

function whyNone(window: Choice['window'], others: ReadonlySet<string>): string {
  if (window === undefined || others.size === 0) return 'no row, expected at least one';
  return `no row has ${window.column} ${JSON.stringify(window.value)}, there are ${[...others].join(', ')}`;
}
