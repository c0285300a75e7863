import type { ByteSource, Cell, Table, TableBatch } from '../../ports/table.ts';
import { columnBatch } from './column-batch.ts';
import { expectColumns, messageOf, unreadableTable } from './table-error.ts';
import { textLines } from './text-chunks.ts';

type Row = { readonly values: Readonly<Record<string, unknown>>; readonly line: number };

const rowsPerBatch = 8_192;

/**
 * One JSON object a line; blank lines are skipped. The columns are the keys of all rows, in order of appearance, which
 * takes one reading of the file. Throws `ArtifactUnusable` for an empty file, a line that is no object, and an asked
 * column that holds an object, or an array of anything but numbers; an array of numbers is its JSON text.
 */
export async function openNdjson(source: ByteSource): Promise<Table> {
  const names = new Set<string>();
  let rows = 0;
  for await (const { values } of rowsOf(source)) {
    rows += 1;
    for (const name of Object.keys(values)) names.add(name);
  }
  if (rows === 0) throw unreadableTable(source.name, 'empty, expected one JSON object a line');
  const columns = [...names];
  return {
    columns,
    rows,
    batches(asked) {
      expectColumns(source.name, columns, asked);
      return batches(source, asked);
    },
  };
}

async function* batches(source: ByteSource, names: readonly string[]): AsyncGenerator<TableBatch> {
  let rows: Row[] = [];
  const batch = () => columnBatch(rows.length, new Map(names.map((name) => [name, cells(source.name, rows, name)])));
  for await (const row of rowsOf(source)) {
    rows.push(row);
    if (rows.length < rowsPerBatch) continue;
    yield batch();
    rows = [];
  }
  if (rows.length > 0) yield batch();
}

function cells(file: string, rows: readonly Row[], name: string): readonly Cell[] {
  return rows.map(({ values, line }) => {
    const value = Object.hasOwn(values, name) ? values[name] : null;
    if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
    if (typeof value === 'string') return value === '' ? null : value;
    if (isVector(value)) return JSON.stringify(value);
    const found = Array.isArray(value) ? 'an array' : 'an object';
    throw unreadableTable(file, `line ${line}: column ${JSON.stringify(name)} holds ${found}, expected a plain value`);
  });
}

/** The coordinates of an embedding. */
function isVector(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => item === null || typeof item === 'number');
}

async function* rowsOf(source: ByteSource): AsyncGenerator<Row> {
  let line = 0;
  for await (const text of textLines(source)) {
    line += 1;
    if (text.trim() !== '') yield { values: parse(source.name, text, line), line };
  }
}

function parse(file: string, text: string, line: number): Row['values'] {
  const value = parsed(file, text, line);
  if (isObject(value)) return value;
  throw unreadableTable(file, `line ${line} is ${JSON.stringify(value).slice(0, 40)}, expected a JSON object`);
}

function parsed(file: string, text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadableTable(file, `line ${line} is not JSON (${messageOf(error)})`);
  }
}

function isObject(value: unknown): value is Row['values'] {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
