/** The rows of one side of a comparison, in file order. */
export type NumericColumn = {
  readonly kind: 'numeric';
  /** NaN where there is no number. */
  readonly values: Float64Array;
  /** Places of the rows that hold text; NaN in `values`. */
  readonly textRows: Int32Array;
};

export type CategoricalColumn = {
  readonly kind: 'categorical';
  /** Rows by category, in order of appearance. */
  readonly counts: ReadonlyMap<string, number>;
  readonly missing: number;
  readonly rows: number;
  /** Each row's category by its place in `counts`, -1 where there is none; only kept when rows have days. */
  readonly codes: Int32Array | undefined;
};

export type Column = NumericColumn | CategoricalColumn;

export type Kind = Column['kind'];

/** A column that never held a value holds none as categories either. */
export function asCategories(column: Column): CategoricalColumn {
  if (column.kind === 'categorical') return column;
  const rows = column.values.length;
  return { kind: 'categorical', counts: new Map(), missing: rows, rows, codes: new Int32Array(rows).fill(-1) };
}

/** Neither a number, not even NaN or infinite, nor text. */
export function isVoid(column: Column): boolean {
  if (column.kind === 'categorical') return column.counts.size === 0;
  return column.textRows.length === 0 && column.values.every(Number.isNaN);
}
