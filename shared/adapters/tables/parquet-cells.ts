import type { DecodedArray, ParquetParsers, SchemaElement } from 'hyparquet';
import type { Cell } from '../../ports/table.ts';

const millisecondsPerDay = 86_400_000;
const text = new TextDecoder();

/** Dates as days, instants as ISO-8601 in UTC to the millisecond; JSON stays the text it is. */
export const cellParsers: Partial<ParquetParsers> = {
  dateFromDays: (days) => isoInstant(days * millisecondsPerDay).slice(0, 10),
  timestampFromMilliseconds: (milliseconds) => isoInstant(Number(milliseconds)),
  timestampFromMicroseconds: (microseconds) => isoInstant(Number(microseconds / 1_000n)),
  timestampFromNanoseconds: (nanoseconds) => isoInstant(Number(nanoseconds / 1_000_000n)),
  jsonFromBytes: (bytes) => text.decode(bytes),
};

/**
 * One column of some rows from the pieces it was decoded in. Throws when a value is neither number, text, boolean nor
 * null.
 */
export function cellsOf(element: SchemaElement, pieces: readonly DecodedArray[]): readonly Cell[] | Float64Array {
  const rows = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const toNumber = numberOf(element);
  return toNumber === undefined
    ? cellByCell(pieces, plainCell)
    : (numbers(pieces, rows, toNumber) ?? nullable(pieces, toNumber));
}

function numbers(pieces: readonly DecodedArray[], rows: number, toNumber: (value: unknown) => number) {
  const cells = new Float64Array(rows);
  let at = 0;
  for (const piece of pieces) {
    for (const value of piece) {
      if (value === null || value === undefined) return undefined;
      cells[at++] = toNumber(value);
    }
  }
  return cells;
}

function nullable(pieces: readonly DecodedArray[], toNumber: (value: unknown) => number): readonly Cell[] {
  return cellByCell(pieces, (value) => (value === null || value === undefined ? null : toNumber(value)));
}

function cellByCell(pieces: readonly DecodedArray[], toCell: (value: unknown) => Cell): readonly Cell[] {
  const cells: Cell[] = [];
  for (const piece of pieces) {
    for (const value of piece) cells.push(toCell(value));
  }
  return cells;
}

function plainCell(value: unknown): Cell {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  throw new TypeError('expected numbers, text, booleans, dates or nulls');
}

/** How the values of a numeric column become numbers; undefined for columns of another kind. */
function numberOf(element: SchemaElement): ((value: unknown) => number) | undefined {
  const { type, converted_type: kind, logical_type: logical } = element;
  const isNumber = type === 'INT32' || type === 'INT64' || type === 'FLOAT' || type === 'DOUBLE';
  if (kind === 'DECIMAL') return decimal(10 ** (element.scale ?? 0));
  // hyparquet scales by the older of the two notations only.
  if (logical?.type === 'DECIMAL') return isNumber ? (value) => Number(value) / 10 ** logical.scale : undefined;
  if (logical?.type === 'FLOAT16') return Number;
  if (kind === 'DATE' || kind?.startsWith('TIMESTAMP') === true || logical?.type === 'TIMESTAMP') return undefined;
  return isNumber ? Number : undefined;
}

/** hyparquet multiplies by 10⁻ˢ, which is inexact; the quotient of the whole number is the nearest double. */
function decimal(unit: number): (value: unknown) => number {
  return (value) => Math.round(Number(value) * unit) / unit;
}

/** Beyond the range of `Date` some writers keep "infinity". */
function isoInstant(milliseconds: number): string {
  const instant = new Date(milliseconds);
  if (!Number.isNaN(instant.getTime())) return instant.toISOString();
  return milliseconds < 0 ? '-infinity' : 'infinity';
}
