import type { CodedTexts } from './feature-columns.ts';
import { unpackNumbers } from './packed-numbers.ts';
import { fault, inflated, parse, textOf, type WireRecord, type WireResult } from './wire-format.ts';

/**
 * One value for each row: any JSON, of which null is absent, or numbers, of which NaN is (`cellAt`). Nothing of the values
 * is known to be right.
 */
export type WireColumn = readonly unknown[] | Float64Array;

/** By feature: those that came as texts and codes. */
export type CodedColumns = ReadonlyMap<string, CodedTexts>;

/** The rows of one kind of event. All columns are as long as there are rows. */
export type ColumnGroup = {
  readonly rows: number;
  /** By field of the record, without those below. */
  readonly fields: ReadonlyMap<string, WireColumn>;
  /** By feature; none for outcomes. */
  readonly features: ReadonlyMap<string, WireColumn>;
  readonly coded: CodedColumns;
  /** Scores by version in shadow; none for outcomes. */
  readonly shadows: ReadonlyMap<string, WireColumn>;
};

export type WireColumns = {
  readonly predictions: ColumnGroup;
  readonly outcomes: ColumnGroup;
  readonly businessMetrics: ColumnGroup;
};

/** A column may be one value for all rows, so a small payload may stand for many of them. */
const maximumCells = 2_000_000;
const noBytes = new Uint8Array(0);
const nothing: ColumnGroup = { rows: 0, fields: new Map(), features: new Map(), coded: new Map(), shadows: new Map() };

/** Null where the row lacks it. */
export function cellAt(values: WireColumn, row: number): unknown {
  const value = values[row];
  // No JSON holds NaN.
  return Number.isNaN(value) ? null : value;
}

/**
 * The columns of a `runway/2` payload. Codes beside those of `inflated` and `textOf`: `malformed-json`,
 * `columns-malformed`, `column-length`, `count-mismatch`.
 */
export function readColumns(record: WireRecord): WireResult<WireColumns> {
  const bytes = inflated(record);
  if (!bytes.ok) return bytes;
  const end = bytes.value.indexOf(0);
  const text = textOf(end < 0 ? bytes.value : bytes.value.subarray(0, end));
  if (!text.ok) return text;
  const json = parseTolerant(text.value);
  if (!json.ok) return json;
  const numbers = end < 0 ? noBytes : bytes.value.subarray(end + 1);
  if (!isObject(json.value)) return malformed('the payload is not a JSON object');
  const { predictions, outcomes, businessMetrics, ...others } = json.value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    return malformed(`expected predictions, outcomes and businessMetrics, got ${shown(unknown)}`);
  const first = groupOf('predictions', predictions, numbers);
  if (!first.ok) return first;
  const second = groupOf('outcomes', outcomes, numbers);
  if (!second.ok) return second;
  const third = groupOf('businessMetrics', businessMetrics, numbers);
  if (!third.ok) return third;
  const rows = first.value.rows + second.value.rows + third.value.rows;
  const { count } = record.header;
  if (rows !== count) return fault('count-mismatch', `${rows} rows, the header says ${count}`);
  return { ok: true, value: { predictions: first.value, outcomes: second.value, businessMetrics: third.value } };
}

const bareNonFinite = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/gs;

/**
 * Python's encoder writes NaN where JSON has no such thing. One value must not cost the other rows, so it is read as
 * text, which no number's check lets pass.
 */
function parseTolerant(text: string): WireResult<unknown> {
  const strict = parse(text);
  if (strict.ok || !/NaN|Infinity/.test(text)) return strict;
  return parse(text.replace(bareNonFinite, (token) => (token.startsWith('"') ? token : `"${token}"`)));
}

function groupOf(name: string, value: unknown, numbers: Uint8Array): WireResult<ColumnGroup> {
  if (value === undefined || value === null) return { ok: true, value: nothing };
  if (!isObject(value)) return malformed(`${name}: expected an object of columns`);
  const id = name === 'businessMetrics' ? 'unitId' : 'predictionId';
  const ids = value[id];
  if (!Array.isArray(ids)) return malformed(`${name}.${id}: expected an array`);
  // Only predictions have them; one that is there anyway is an unknown field of its rows.
  if (name !== 'predictions') return columnsOf(name, { rows: ids.length, numbers }, [value, {}, {}]);
  const { features = {}, shadows = {}, ...fields } = value;
  if (!isObject(features)) return malformed(`${name}.features: expected an object of columns`);
  if (!isObject(shadows)) return malformed(`${name}.shadows: expected an object of columns`);
  return columnsOf(name, { rows: ids.length, numbers }, [fields, features, shadows]);
}

const featuresAt = 1;

type Objects = readonly [fields: Unchecked, features: Unchecked, shadows: Unchecked];
type Unchecked = Readonly<Record<string, unknown>>;
/** How long columns are, and the bytes that their numbers may be in. */
type Source = { readonly rows: number; readonly numbers: Uint8Array };

function columnsOf(name: string, source: Source, objects: Objects): WireResult<ColumnGroup> {
  const { rows } = source;
  const cells = rows * objects.reduce((sum, object) => sum + Object.keys(object).length, 0);
  if (cells > maximumCells) return fault('payload-too-large', `${cells} cells, at most ${maximumCells} are possible`);
  const maps = objects.map(() => new Map<string, WireColumn>());
  const coded = new Map<string, CodedTexts>();
  for (const [i, object] of objects.entries())
    for (const [column, values] of Object.entries(object)) {
      const filled = filledColumn(values, source);
      if (filled === undefined) return malformed(`${name}: ${shown(column)} is no column`);
      if (filled.values.length !== rows)
        return fault('column-length', `${name}: ${rows} rows, column ${shown(column)} has ${filled.values.length}`);
      maps[i]!.set(column, filled.values);
      if (filled.coded !== undefined && i === featuresAt) coded.set(column, filled.coded);
    }
  const [fields = new Map(), features = new Map(), shadows = new Map()] = maps;
  return { ok: true, value: { rows, fields, features, coded, shadows } };
}

/**
 * A column is a list, or numbers among the bytes (`PackedNumbers`), or `{texts, codes}` with the place of each row's text
 * among the texts, which is either of these, or one value for all.
 */
function filledColumn(column: unknown, source: Source): Filled | undefined {
  if (!isObject(column)) return { values: listed(column, source) };
  const { texts, codes } = column;
  if (Array.isArray(texts)) {
    const places = isObject(codes) ? unpackNumbers(codes, source.rows, source.numbers) : codes;
    return Array.isArray(places) || places instanceof Float64Array ? decoded(texts, places) : undefined;
  }
  const values = unpackNumbers(column, source.rows, source.numbers);
  return values && { values };
}

function listed(column: unknown, { rows }: Source): readonly unknown[] {
  return Array.isArray(column) ? column : Array.from<unknown>({ length: rows }).fill(column);
}

type Filled = { readonly values: WireColumn; readonly coded?: CodedTexts };

function decoded(texts: readonly unknown[], codes: WireColumn): Filled | undefined {
  const values: (string | null)[] = [];
  const places = new Int32Array(codes.length);
  for (let row = 0; row < codes.length; row += 1) {
    const code = cellAt(codes, row);
    const text = code === null ? null : typeof code === 'number' ? texts[code] : undefined;
    if (typeof text !== 'string' && text !== null) return undefined;
    places[row] = text === null ? -1 : Number(code);
    values.push(text);
  }
  return { values, coded: { texts: texts.map(String), codes: places } };
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 40));
}

function malformed(reason: string) {
  return fault('columns-malformed', reason);
}

function isObject(value: unknown): value is Unchecked {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
