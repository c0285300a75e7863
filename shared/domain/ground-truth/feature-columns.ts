import type { FeatureValue } from '../health/compiled-bins.ts';

/** One feature of many rows. Numbers: NaN is missing. Texts: null is missing; booleans are `true` and `false`. */
export type FeatureColumn =
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  | { readonly kind: 'texts'; readonly values: readonly (string | null)[]; readonly coded?: CodedTexts };

/** The same texts, each once, and of each row the place of its text among them: -1 for a missing one. */
export type CodedTexts = { readonly texts: readonly string[]; readonly codes: Int32Array };

/** By feature name; all of the same length. */
export type FeatureColumns = ReadonlyMap<string, FeatureColumn>;

/** The features of one prediction, where they came in. */
export type FeatureRow = { readonly columns: FeatureColumns; readonly row: number };

type Features = Readonly<Record<string, FeatureValue>>;

/** Of rows that came one by one. A feature that some rows lack is missing there. */
export function columnsOfRows(rows: readonly Features[]): FeatureColumns {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return new Map([...names].map((name) => [name, columnOf(rows.map((row) => row[name]))]));
}

function columnOf(values: readonly FeatureValue[]): FeatureColumn {
  const isText = values.some((value) => typeof value === 'string' || typeof value === 'boolean');
  if (isText) return { kind: 'texts', values: values.map((value) => (value == null ? null : String(value))) };
  return {
    kind: 'numbers',
    values: Float64Array.from(values, (value) => (value == null ? Number.NaN : Number(value))),
  };
}

/** The row as an object, for whoever needs only few of them. */
export function featuresOf({ columns, row }: FeatureRow): Features {
  return Object.fromEntries([...columns].map(([name, column]) => [name, valueAt(column, row)]));
}

function valueAt(column: FeatureColumn, row: number): FeatureValue {
  if (column.kind === 'texts') return column.values[row] ?? null;
  const value = column.values[row]!;
  return Number.isNaN(value) ? null : value;
}
