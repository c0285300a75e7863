import type { Column } from './column.ts';
import { dayCounts } from './day-counts.ts';
import type { ColumnVerdicts, CountedSides } from './judge-column.ts';

export type Sides<T> = { readonly reference: T; readonly current: T };

/** UTC days of the rows; undefined without a time column. */
export type Days = Sides<Int32Array> | undefined;

/** What became of one column. */
export type ColumnDrift = {
  readonly name: string;
  readonly kind: Column['kind'];
  /** Rows. */
  readonly n: Sides<number>;
  /** Rows that are null or NaN. */
  readonly missing: Sides<number>;
  /** Of numbers: rows that are not finite. */
  readonly infinite?: Sides<number>;
  /** Of numbers: rows with text in place of one. */
  readonly texts?: Sides<number>;
  /** Of categories: current rows of categories that the reference does not have. */
  readonly unseen?: number;
  readonly bins: object;
  readonly metrics: Readonly<Record<string, unknown>>;
} & ColumnVerdicts;

/** Rows by bin, and by day where there are days. `binOf` gives -1 for a row that is in none. */
export function countedSides(
  name: string,
  order: CountedSides['order'],
  counts: Sides<readonly number[]>,
  days: Days,
  binOf: (side: keyof Sides<unknown>, row: number) => number,
): CountedSides {
  const byDay = (side: keyof Sides<unknown>) =>
    dayCounts(days![side], (row) => binOf(side, row), counts.reference.length);
  const blocks = days === undefined ? undefined : { reference: byDay('reference'), current: byDay('current') };
  return { name, order, ...counts, days: blocks };
}

/** The share of rows that are something, against the others. */
export function sharedRows(
  name: string,
  rows: Sides<number>,
  held: Sides<number>,
  days: Days,
  isHeld: (side: keyof Sides<unknown>, row: number) => boolean,
): CountedSides {
  const counts = {
    reference: [rows.reference - held.reference, held.reference],
    current: [rows.current - held.current, held.current],
  };
  return countedSides(name, 'nominal', counts, days, (side, row) => (isHeld(side, row) ? 1 : 0));
}
