import Papa from 'papaparse';
import type { ByteSource, Cell, Table, TableBatch } from '../../ports/table.ts';
import { columnBatch } from './column-batch.ts';
import { expectColumns, unreadableTable } from './table-error.ts';
import { longestRow, textChunks } from './text-chunks.ts';

/** Rows as read, and the line (from 1) on which the first of them starts. */
type Rows = { readonly rows: readonly (readonly string[])[]; readonly line: number };

/** What papaparse's `Parser` gives, which its types leave open. */
type Parsed = {
  readonly data: readonly (readonly string[])[];
  readonly errors: readonly { readonly message: string; readonly row: number }[];
  readonly meta: { readonly cursor: number };
};

/**
 * Comma-separated values (RFC 4180) with a header row; every cell is text, an empty one null; blank lines are skipped
 * when there are two columns or more. Throws `ArtifactUnusable` for an empty file, a header that names a column twice,
 * a row with another number of cells than the header, and quotes that do not close.
 */
export async function openCsv(source: ByteSource): Promise<Table> {
  const columns = await header(source);
  return {
    columns,
    rows: undefined,
    batches(names) {
      expectColumns(source.name, columns, names);
      return batches(source, columns, names);
    },
  };
}

async function header(source: ByteSource): Promise<readonly string[]> {
  for await (const { rows } of rowsOf(source)) {
    const columns = rows[0];
    if (columns === undefined) continue;
    const twice = columns.find((name, i) => columns.indexOf(name) !== i);
    if (twice !== undefined) throw unreadableTable(source.name, `the header names ${JSON.stringify(twice)} twice`);
    const separator = columns.length === 1 ? /[;\t|]/.exec(columns[0]!)?.[0] : undefined;
    if (separator !== undefined)
      throw unreadableTable(source.name, `the header is separated by ${JSON.stringify(separator)}, expected commas`);
    if (columns.includes('')) throw unreadableTable(source.name, 'the header has a column without a name');
    return columns;
  }
  throw unreadableTable(source.name, 'empty, expected a header row');
}

async function* batches(
  source: ByteSource,
  columns: readonly string[],
  names: readonly string[],
): AsyncGenerator<TableBatch> {
  const indexes = names.map((name) => columns.indexOf(name));
  let isHeader = true;
  for await (const read of rowsOf(source)) {
    const rows = wholeRows(source.name, read, columns.length).slice(isHeader ? 1 : 0);
    isHeader &&= read.rows.length === 0;
    if (rows.length === 0) continue;
    const cells = (index: number) => rows.map((row): Cell => (row[index] === '' ? null : row[index]!));
    yield columnBatch(rows.length, new Map(names.map((name, i) => [name, cells(indexes[i]!)])));
  }
}

function wholeRows(file: string, { rows, line }: Rows, width: number): readonly (readonly string[])[] {
  const isBlank = (row: readonly string[]) => width > 1 && row.length === 1 && row[0] === '';
  const ragged = rows.findIndex((row) => row.length !== width && !isBlank(row));
  if (ragged >= 0) {
    const cells = rows[ragged]!.length;
    const at = line + rows.slice(0, ragged).reduce((lines, row) => lines + linesOf(row), 0);
    throw unreadableTable(file, `line ${at} has ${cells} cells, expected ${width} as in the header`);
  }
  return rows.some(isBlank) ? rows.filter((row) => !isBlank(row)) : rows;
}

/** A quoted cell may hold line ends. */
function linesOf(row: readonly string[]): number {
  return row.reduce((lines, cell) => lines + lineEnds(cell), 1);
}

async function* rowsOf(source: ByteSource): AsyncGenerator<Rows> {
  let parser: Papa.Parser | undefined;
  let text = '';
  let line = 1;
  for await (const chunk of textChunks(source)) {
    text += chunk;
    // The kind of line end shows once the first line has ended, with the character after it.
    if (parser === undefined && !/[\r\n]./s.test(text)) continue;
    parser ??= parserOf(text);
    const { data, meta } = parse(source.name, parser, text, line, false);
    if (text.length - meta.cursor > longestRow) throw unreadableTable(source.name, `line ${line} does not end`);
    yield { rows: data, line };
    line += lineEnds(text, meta.cursor);
    text = text.slice(meta.cursor);
  }
  if (text === '') return;
  yield {
    rows: parse(source.name, parser ?? parserOf(text), text.replace(/(\r\n|\n|\r)$/, ''), line, true).data,
    line,
  };
}

function parserOf(text: string): Papa.Parser {
  const newline = /\r\n|\n|\r/.exec(text)?.[0];
  return new Papa.Parser({ delimiter: ',', newline: newline === '\r\n' || newline === '\r' ? newline : '\n' });
}

/** Rows that ended; the last one too when there is no more text. */
function parse(file: string, parser: Papa.Parser, text: string, line: number, isLast: boolean): Parsed {
  const parsed: Parsed = parser.parse(text, 0, !isLast);
  const { data, errors } = parsed;
  // What is wrong with the row that is cut off may come right with its rest.
  const fault = errors.find(({ row }) => isLast || row < data.length);
  if (fault === undefined) return parsed;
  const at = line + data.slice(0, fault.row).reduce((lines, row) => lines + linesOf(row), 0);
  throw unreadableTable(file, `line ${at}: ${fault.message.toLowerCase()}`);
}

function lineEnds(text: string, end = text.length): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
