/** A value of a table file. Whole numbers of 64 bits become numbers, dates ISO-8601 text, absent and empty cells null. */
export type Cell = number | string | boolean | null;

/** Some rows that follow each other in the file. */
export interface TableBatch {
  readonly rows: number;
  /** Of one of the asked columns. A `Float64Array` holds numbers only (NaN is a value there, not a null). */
  column(name: string): readonly Cell[] | Float64Array;
}

/** A file of rows under named columns, of any format and length. */
export interface Table {
  readonly columns: readonly string[];
  /** Undefined when only reading the file would tell. */
  readonly rows: number | undefined;
  /**
   * The rows in file order, with the asked columns only; each call reads the file anew and holds one batch at a time.
   * Throws `ArtifactUnusable` (code `unknown-column` or `unreadable-table`).
   */
  batches(names: readonly string[]): AsyncIterable<TableBatch>;
}

/** Bytes that can be read anywhere, and in order: a local file, an object in a bucket. */
export interface ByteSource {
  /** What messages call it; its ending tells the format. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The bytes `from` (included) to `to` (excluded). */
  read(from: number, to: number): Promise<ArrayBuffer>;
  stream(): AsyncIterable<Uint8Array>;
}
