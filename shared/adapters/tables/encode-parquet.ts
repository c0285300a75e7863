import { zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';

type Cell = string | number | boolean | null | undefined;

/** A column of a file. Timestamps are given in milliseconds since the epoch and read as UTC. */
export type ParquetColumn<Row> = {
  readonly name: string;
  readonly type: 'STRING' | 'INT32' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP';
  readonly of: (row: Row) => Cell;
  /** @default false */
  readonly nullable?: boolean;
  /** Values hardly repeat, so a dictionary of them is not even tried. @default false */
  readonly distinct?: boolean;
};

/** The file as bytes, packed by Zstandard, which DuckDB, Athena and hyparquet read. */
export function encodeParquet<Row>(columns: readonly ParquetColumn<Row>[], rows: readonly Row[]): Uint8Array {
  const columnData = columns.map(({ name, type, of, nullable = false, distinct = false }) => ({
    name,
    type,
    nullable,
    data:
      type === 'DOUBLE' && !nullable
        ? Float64Array.from(rows, (row) => Number(of(row)))
        : rows.map((row) => of(row) ?? null),
    ...(distinct && { encoding: 'PLAIN' as const }),
  }));
  return new Uint8Array(
    parquetWriteBuffer({
      columnData,
      codec: 'ZSTD',
      compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
      createdBy: 'runway',
      rowGroupSize: 100_000,
    }),
  );
}
