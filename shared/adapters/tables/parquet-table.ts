import { type DecodedArray, type FileMetaData, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { isRunwayError } from '../../domain/errors.ts';
import type { ByteSource, Table, TableBatch } from '../../ports/table.ts';
import { columnBatch } from './column-batch.ts';
import { cellParsers, cellsOf } from './parquet-cells.ts';
import { isListOfNumbers, listCells } from './parquet-lists.ts';
import { expectColumns, messageOf, unreadableTable } from './table-error.ts';

/** An opened file and what its footer says. */
type Parquet = { readonly source: ByteSource; readonly metadata: FileMetaData };

/** Rows `from` (included) to `to` (excluded). */
type RowRange = { readonly from: number; readonly to: number };

/**
 * Apache Parquet, one row group a batch, and of it only the asked columns. Throws `ArtifactUnusable` when the file is
 * cut off or damaged, and for an asked column that is binary, or nested in other ways than as a list of numbers, which is
 * its JSON text.
 */
export async function openParquet(source: ByteSource): Promise<Table> {
  const metadata = await footer(source);
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  return {
    columns,
    rows: Number(metadata.num_rows),
    batches(names) {
      expectColumns(source.name, columns, names);
      return batches({ source, metadata }, names);
    },
  };
}

async function footer(source: ByteSource): Promise<FileMetaData> {
  if (source.size === 0) throw unreadableTable(source.name, 'empty, expected Parquet');
  try {
    return await parquetMetadataAsync(asyncBuffer(source), { parsers: cellParsers });
  } catch (error) {
    throw isRunwayError(error) ? error : unreadableTable(source.name, `not Parquet, or cut off (${messageOf(error)})`);
  }
}

async function* batches(file: Parquet, names: readonly string[]): AsyncGenerator<TableBatch> {
  let from = 0;
  for (const group of file.metadata.row_groups) {
    const range = { from, to: from + Number(group.num_rows) };
    const columns = new Map<string, ReturnType<typeof cellsOf>>();
    for (const name of names) columns.set(name, await readColumn(file, name, range));
    if (range.to > range.from) yield columnBatch(range.to - range.from, columns);
    from = range.to;
  }
}

async function readColumn({ source, metadata }: Parquet, name: string, { from, to }: RowRange) {
  const toCells = cellReader(source.name, metadata, name);
  const pieces: DecodedArray[] = [];
  try {
    await parquetRead({
      file: asyncBuffer(source),
      metadata,
      columns: [name],
      rowStart: from,
      rowEnd: to,
      compressors,
      parsers: cellParsers,
      onChunk: ({ columnData }) => pieces.push(columnData),
    });
    return exactly(to - from, toCells(pieces));
  } catch (error) {
    if (isRunwayError(error)) throw error;
    const column = JSON.stringify(name);
    throw unreadableTable(source.name, `column ${column}, rows ${from} to ${to}: ${messageOf(error)}`);
  }
}

function exactly<Cells extends { readonly length: number }>(rows: number, cells: Cells): Cells {
  if (cells.length === rows) return cells;
  throw new RangeError(`has ${cells.length} values, expected ${rows}`);
}

/** How the values of a column become cells. Throws `ArtifactUnusable` for a nested one, but for lists of numbers. */
function cellReader(file: string, metadata: FileMetaData, name: string) {
  const column = parquetSchema(metadata).children.find(({ element }) => element.name === name)!;
  const { element, children } = column;
  if (children.length === 0 && element.repetition_type !== 'REPEATED')
    return (pieces: readonly DecodedArray[]) => cellsOf(element, pieces);
  if (isListOfNumbers(column)) return listCells;
  throw unreadableTable(
    file,
    `column ${JSON.stringify(name)} is nested, expected one value a row: flatten or leave out`,
  );
}

function asyncBuffer(source: ByteSource) {
  return { byteLength: source.size, slice: (from: number, to = source.size) => source.read(from, to) };
}
