import { type ColumnChunk, encodeColumn, physicalTypes } from './parquet-column.ts';
import type { Cell, CellType } from './parquet-pages.ts';
import { binary, i32, i64, list, struct, type Thrift, thriftBytes } from './thrift-compact.ts';

/** A column of a file. Timestamps are given in milliseconds since the epoch and read as UTC. */
export type ParquetColumn<Row> = {
  readonly name: string;
  readonly type: CellType;
  readonly of: (row: Row) => Cell;
  /** @default false */
  readonly nullable?: boolean;
  /** Values hardly repeat, so a dictionary of them is not even tried. @default false */
  readonly distinct?: boolean;
};

const magic = Buffer.from('PAR1');
const rowsPerGroup = 100_000;
/** Numbers of apache/parquet-format, parquet.thrift. */
const convertedTypes = { BOOLEAN: undefined, INT32: undefined, TIMESTAMP: 9, DOUBLE: undefined, STRING: 0 } as const;
const repetitions = { required: 0, optional: 1 } as const;
const orderOfType = struct({ 1: struct({}) });

/**
 * The file as bytes, packed by Zstandard, which DuckDB, Athena and hyparquet read (format: apache/parquet-format). Written
 * here because a row of the archive costs less so than a library's loop over its cells does.
 */
export function encodeParquet<Row>(columns: readonly ParquetColumn<Row>[], rows: readonly Row[]): Uint8Array {
  const parts: Uint8Array[] = [magic];
  const groups: Thrift[] = [];
  let offset = magic.length;
  for (let from = 0; from < rows.length; from += rowsPerGroup) {
    const held = rows.slice(from, from + rowsPerGroup);
    const chunks = columns.map((column) => chunkOf(column, held));
    const begin = offset;
    const described = chunks.map(({ bytes, metadata }) => {
      parts.push(bytes);
      offset += bytes.length;
      const at = offset - bytes.length;
      return struct({ 2: i64(at), 3: metadata(at) });
    });
    const rawBytes = chunks.reduce((sum, chunk) => sum + chunk.rawBytes, 0);
    groups.push(
      struct({ 1: list(described), 2: i64(rawBytes), 3: i64(held.length), 5: i64(begin), 6: i64(offset - begin) }),
    );
  }
  const footer = thriftBytes(
    struct({
      1: i32(1),
      2: list([struct({ 4: binary('root'), 5: i32(columns.length) }), ...columns.map(schemaOf)]),
      3: i64(rows.length),
      4: list(groups),
      6: binary('runway'),
      7: list(columns.map(() => orderOfType)),
    }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, length, magic]);
}

function chunkOf<Row>({ name, type, of, ...column }: ParquetColumn<Row>, rows: readonly Row[]): ColumnChunk {
  const { nullable = false, distinct = false } = column;
  return encodeColumn(name, { type, nullable, distinct, cells: rows.map(of) });
}

function schemaOf<Row>({ name, type, nullable = false }: ParquetColumn<Row>): Thrift {
  const converted = convertedTypes[type];
  return struct({
    1: i32(physicalTypes[type]),
    3: i32(nullable ? repetitions.optional : repetitions.required),
    4: binary(name),
    6: converted === undefined ? undefined : i32(converted),
  });
}
