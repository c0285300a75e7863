import { RunwayError } from '../../domain/errors.ts';
import { idPosition, type SampledEmbeddings } from '../../domain/health/embedding/id-sample.ts';
import type { Cell, Table, TableBatch } from '../../ports/table.ts';
import { GrowingRows } from './growing-rows.ts';

/** 128 MB: a version is held twice, beside another one. */
const defaultMaximumValues = 2 ** 24;

/** The largest vectors: aligning takes the cube of it. */
const defaultMaximumDimensions = 2_048;

type Options = {
  readonly file: string;
  readonly idColumn: string;
  /** Coordinates that are held; beyond them ids are sampled by hash, in constant memory. Default 2²⁴. */
  readonly maximumValues?: number;
  /** Default 2,048. */
  readonly maximumDimensions?: number;
};

/**
 * Vectors of a file: every column but the id is a coordinate, or the one other column holds lists (`[0.1, 0.2]`). An
 * empty cell is a coordinate that is not finite. Throws `ArtifactUnusable` (code `unusable-values`) for a row without an
 * id, text that is no number, lists of unequal length, and too many dimensions.
 */
export async function readEmbeddings(table: Table, options: Options): Promise<SampledEmbeddings> {
  const { file, idColumn, maximumValues = defaultMaximumValues } = options;
  const { maximumDimensions = defaultMaximumDimensions } = options;
  const names = table.columns.filter((name) => name !== idColumn);
  let rows: GrowingRows | undefined;
  let isList: boolean | undefined;
  let rowsInFile = 0;
  for await (const batch of table.batches([idColumn, ...names])) {
    const ids = batch.column(idColumn);
    isList ??= names.length === 1 && holdsLists(batch.column(names[0]!));
    const read = isList ? listVectors(file, names[0]!, batch) : columnVectors(file, names, batch);
    rows ??= new GrowingRows(expectDimensions(file, read.columns, maximumDimensions), maximumValues);
    for (let row = 0; row < batch.rows; row += 1) {
      rowsInFile += 1;
      const id = idOf(file, idColumn, ids[row]!);
      const position = idPosition(id);
      if (position < rows.ratio) rows.add(id, position, (vector) => read.copy(row, vector));
    }
  }
  const none = { ids: [], vectors: { rows: 0, columns: names.length, values: new Float64Array(0) } };
  return { set: rows?.set() ?? none, sampledRatio: rows?.ratio ?? 1, rowsInFile };
}

type ReadVectors = { readonly columns: number; readonly copy: (row: number, into: Float64Array) => void };

function columnVectors(file: string, names: readonly string[], batch: TableBatch): ReadVectors {
  const columns = names.map((name) => batch.column(name));
  return {
    columns: columns.length,
    copy(row, into) {
      for (let j = 0; j < columns.length; j += 1) into[j] = coordinate(file, names[j]!, columns[j]![row]!);
    },
  };
}

function holdsLists(cells: readonly Cell[] | Float64Array): boolean {
  const first = cells instanceof Float64Array ? undefined : cells.find((cell) => cell !== null);
  return typeof first === 'string' && first.trimStart().startsWith('[');
}

function listVectors(file: string, name: string, batch: TableBatch): ReadVectors {
  const lists = Array.from(batch.column(name), (cell) => (cell === null ? null : listOf(file, name, cell)));
  return {
    columns: lists.find((list) => list !== null)?.length ?? 0,
    copy(row, into) {
      const list = lists[row] ?? null;
      if (list === null) return void into.fill(Number.NaN);
      if (list.length === into.length) return into.set(list);
      throw unusable(file, `column ${name} has lists of ${into.length} and ${list.length} numbers`);
    },
  };
}

function listOf(file: string, name: string, cell: Cell): readonly number[] {
  const text = typeof cell === 'string' ? cell.trim() : '';
  if (!text.startsWith('[') || !text.endsWith(']'))
    throw unusable(file, `column ${name} has ${JSON.stringify(cell)}, expected a list in brackets`);
  const items = text.slice(1, -1).trim();
  return items === '' ? [] : items.split(/[\s,]+/).map((item) => coordinate(file, name, item));
}

const notFinite = /^[-+]?(nan|null|inf|infinity)$/i;

function coordinate(file: string, name: string, cell: Cell): number {
  if (typeof cell === 'number') return cell;
  if (cell === null) return Number.NaN;
  const number = typeof cell === 'string' ? Number(cell) : Number.NaN;
  if (!Number.isNaN(number) || notFinite.test(String(cell))) return number;
  throw unusable(file, `column ${name} has ${JSON.stringify(cell)}, expected a number: leave it out of the file`);
}

function expectDimensions(file: string, columns: number, most: number): number {
  if (columns > 0 && columns <= most) return columns;
  throw unusable(file, `vectors of ${columns} coordinates, expected 1 to ${most}`);
}

function idOf(file: string, column: string, cell: Cell): string {
  if (cell === null) throw unusable(file, `a row has no ${column}`);
  return String(cell);
}

function unusable(file: string, problem: string): RunwayError {
  return new RunwayError('ArtifactUnusable', 'unusable-values', `${file}: ${problem}`);
}
