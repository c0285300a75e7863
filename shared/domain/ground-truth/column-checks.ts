import type { Arrival } from './attribution-window.ts';
import type { CodedTexts, FeatureColumn } from './feature-columns.ts';
import type { ServedModel } from './served-model.ts';
import { cellAt, type WireColumn } from './wire-columns.ts';

/** What columns are held against; `bucket` is that of their record. */
export type ColumnContext = { readonly model: ServedModel; readonly arrival: Arrival; readonly bucket: number };

/**
 * Which rows of a group still look right. A row that does not is checked again as a record of its own, which says what
 * is wrong with it; so a check here may be too strict but never too lax.
 */
export type Rows = Uint8Array;

/** Unmarks the rows whose value does not hold. */
export function keepRows(rows: Rows, values: WireColumn | undefined, holds: (value: unknown) => boolean): void {
  if (values === undefined) rows.fill(0);
  else for (let row = 0; row < rows.length; row += 1) if (!holds(cellAt(values, row))) rows[row] = 0;
}

type Range = { readonly least: number; readonly most: number; readonly kind?: 'whole' };

/** Unmarks the rows whose value is no number from `least` to `most`, or no `whole` one. */
export function keepNumbers(rows: Rows, values: WireColumn | undefined, { least, most, kind }: Range): void {
  if (!(values instanceof Float64Array)) {
    const isFine = (value: unknown) =>
      typeof value === 'number' && value >= least && value <= most && (kind === undefined || Number.isInteger(value));
    keepRows(rows, values, isFine);
    return;
  }
  for (let row = 0; row < rows.length; row += 1) {
    const value = values[row]!;
    if (!(value >= least && value <= most) || (kind !== undefined && !Number.isInteger(value))) rows[row] = 0;
  }
}

/** The same of a field that may be absent. */
export function keepOptional(rows: Rows, values: WireColumn | undefined, holds: (value: unknown) => boolean): void {
  if (values === undefined) return;
  for (let row = 0; row < rows.length; row += 1) {
    const value = cellAt(values, row);
    if (value !== null && !holds(value)) rows[row] = 0;
  }
}

/** Of a column that belongs to no row. */
export function keepAbsent(rows: Rows, values: WireColumn): void {
  for (let row = 0; row < rows.length; row += 1) if (cellAt(values, row) !== null) rows[row] = 0;
}

/** A numeric feature. */
export function numbersOf(rows: Rows, values: WireColumn, isRequired: boolean): FeatureColumn {
  if (values instanceof Float64Array) return packedNumbersOf(rows, values, isRequired);
  const numbers = new Float64Array(values.length);
  for (let row = 0; row < numbers.length; row += 1) {
    const value = values[row];
    if (typeof value === 'number' && Number.isFinite(value)) numbers[row] = value;
    else {
      numbers[row] = Number.NaN;
      if (isRequired || value !== null) rows[row] = 0;
    }
  }
  return { kind: 'numbers', values: numbers };
}

function packedNumbersOf(rows: Rows, values: Float64Array, isRequired: boolean): FeatureColumn {
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row]!;
    if (!Number.isFinite(value) && (isRequired || !Number.isNaN(value))) rows[row] = 0;
  }
  return { kind: 'numbers', values };
}

const maximumTextLength = 1_000;

/** A categorical feature. */
export function textsOf(rows: Rows, values: WireColumn, isRequired: boolean, coded?: CodedTexts): FeatureColumn {
  if (coded?.texts.every(({ length }) => length <= maximumTextLength)) {
    if (isRequired) for (let row = 0; row < rows.length; row += 1) if (coded.codes[row] === -1) rows[row] = 0;
    // Texts and null, as all that comes coded.
    return { kind: 'texts', values: values as readonly (string | null)[], coded };
  }
  const texts: (string | null)[] = [];
  for (let row = 0; row < values.length; row += 1) {
    const value = cellAt(values, row);
    if (typeof value === 'string' && value.length <= maximumTextLength) texts.push(value);
    else if (typeof value === 'boolean') texts.push(String(value));
    else {
      texts.push(null);
      if (isRequired || value !== null) rows[row] = 0;
    }
  }
  return { kind: 'texts', values: texts };
}

/** Of a column whose rows passed: undefined where it is absent. */
export function numberAt(values: WireColumn | undefined, row: number): number | undefined {
  const value = values?.[row];
  return typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
}

/** The same of text. */
export function textAt(values: WireColumn | undefined, row: number): string | undefined {
  const value = values?.[row];
  return typeof value === 'string' ? value : undefined;
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= 128;
}
