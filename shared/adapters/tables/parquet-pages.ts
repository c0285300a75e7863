import { PageBytes } from './page-bytes.ts';

export type Cell = string | number | boolean | null | undefined;
export type CellType = 'STRING' | 'INT32' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP';

export type Page = {
  readonly type: 'data' | 'dictionary';
  readonly encoding: 'plain' | 'dictionary';
  /** Rows of a page of data, texts of a dictionary. */
  readonly values: number;
  readonly body: Buffer;
};

/** Least and greatest value as they stand in a page, without a text's length. */
export type Bounds = { readonly least: Uint8Array; readonly most: Uint8Array };

export type ColumnPages = {
  readonly pages: readonly Page[];
  readonly nulls: number;
  readonly bounds: Bounds | undefined;
};

export type Cells = {
  readonly type: CellType;
  readonly nullable: boolean;
  /** Values hardly repeat, so a dictionary of them is not even tried. */
  readonly distinct: boolean;
  readonly cells: readonly Cell[];
};

/** Texts, each once, and for each present cell the place of its text among them. */
type Dictionary = { readonly texts: readonly string[]; readonly codes: readonly number[] };

/** What a reader holds of a column at once. */
const rowsPerPage = 10_000;
/** Longer texts are no bounds worth keeping. */
const maximumBoundLength = 64;
/** Where more of the texts differ, they are written as they are. */
const dictionaryShare = 0.5;

/** A column of a row group as pages of Parquet's encodings PLAIN, or RLE_DICTIONARY for texts that repeat. */
export function pagesOf({ type, nullable, distinct, cells }: Cells): ColumnPages {
  const present = nullable ? cells.filter((cell) => cell !== undefined && cell !== null) : cells;
  const dictionary = type === 'STRING' && !distinct ? dictionaryOf(present) : undefined;
  const pages: Page[] = [];
  if (dictionary !== undefined)
    pages.push({ type: 'dictionary', encoding: 'plain', values: dictionary.texts.length, body: textsBody(dictionary) });
  let at = 0;
  for (let from = 0; from < cells.length; from += rowsPerPage) {
    const rows = cells.slice(from, from + rowsPerPage);
    const bytes = new PageBytes();
    const count = nullable ? writeLevels(bytes, rows) : rows.length;
    if (dictionary === undefined) writePlain(bytes, type, present.slice(at, at + count));
    else writeCodes(bytes, dictionary, at, at + count);
    at += count;
    const encoding = dictionary === undefined ? 'plain' : 'dictionary';
    pages.push({ type: 'data', encoding, values: rows.length, body: bytes.finish() });
  }
  return {
    pages,
    nulls: cells.length - present.length,
    bounds: boundsOf(type, dictionary?.texts ?? present, distinct),
  };
}

function dictionaryOf(cells: readonly Cell[]): Dictionary | undefined {
  const places = new Map<Cell, number>();
  const most = Math.max(1, cells.length * dictionaryShare);
  const codes: number[] = [];
  let last: Cell;
  let code = -1;
  for (const cell of cells) {
    if (cell !== last || code < 0) {
      code = places.get(cell) ?? places.size;
      if (code === places.size) places.set(cell, code);
      if (places.size > most) return undefined;
      last = cell;
    }
    codes.push(code);
  }
  return codes.length === 0 ? undefined : { texts: [...places.keys()].map(String), codes };
}

function textsBody({ texts }: Dictionary): Buffer {
  const bytes = new PageBytes();
  for (const text of texts) bytes.text(text);
  return bytes.finish();
}

/** Which rows have a value, and how many do. */
function writeLevels(bytes: PageBytes, rows: readonly Cell[]): number {
  const levels = rows.map((cell) => (cell === undefined || cell === null ? 0 : 1));
  const packed = new PageBytes();
  packed.hybrid(levels, 1);
  bytes.int32(packed.length);
  bytes.bytes(packed.finish());
  return levels.reduce<number>((sum, level) => sum + level, 0);
}

function writeCodes(bytes: PageBytes, { texts, codes }: Dictionary, from: number, to: number): void {
  const width = Math.ceil(Math.log2(texts.length));
  bytes.byte(width);
  if (to > from) bytes.hybrid(codes.slice(from, to), width);
}

function writePlain(bytes: PageBytes, type: CellType, cells: readonly Cell[]): void {
  if (type === 'STRING') for (const cell of cells) bytes.text(String(cell));
  else if (type === 'BOOLEAN')
    bytes.packed(
      cells.map((cell) => (cell === true ? 1 : 0)),
      1,
    );
  else for (const cell of cells) writeNumber(bytes, type, Number(cell));
}

function writeNumber(bytes: PageBytes, type: 'INT32' | 'DOUBLE' | 'TIMESTAMP', value: number): void {
  if (type === 'DOUBLE') bytes.double(value);
  else if (type === 'INT32') bytes.int32(value);
  else bytes.int64(value);
}

/** Of the columns by which a reader might leave out a file; undefined where nobody would. */
function boundsOf(type: CellType, cells: readonly Cell[], distinct: boolean): Bounds | undefined {
  if (cells.length === 0) return undefined;
  if (type === 'TIMESTAMP' || type === 'INT32') return numberBounds(type, cells);
  if (type !== 'STRING' || distinct) return undefined;
  const texts = cells.map((cell) => Buffer.from(String(cell)));
  if (texts.some(({ length }) => length > maximumBoundLength)) return undefined;
  const ordered = texts.sort((left, right) => left.compare(right));
  return { least: ordered[0]!, most: ordered.at(-1)! };
}

function numberBounds(type: 'TIMESTAMP' | 'INT32', cells: readonly Cell[]): Bounds {
  let least = Number(cells[0]);
  let most = least;
  for (const cell of cells) {
    const value = Number(cell);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const bytesOf = (value: number) => {
    const bytes = new PageBytes();
    writeNumber(bytes, type, value);
    return bytes.finish();
  };
  return { least: bytesOf(least), most: bytesOf(most) };
}
