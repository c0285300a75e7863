import { problem } from './field-problem.ts';
import { property } from './named-ids.ts';
import { parse, type WireResult } from './wire-format.ts';

/** One row of what went in or came out: a number or text, a list, or an object. */
export type PayloadRow = unknown;
export type PayloadRows =
  | { readonly ok: true; readonly rows: readonly PayloadRow[] }
  | { readonly ok: false; readonly problems: readonly ReturnType<typeof problem>[] };

const containers = ['instances', 'predictions', 'inputs', 'outputs', 'data'];

/**
 * The rows of a captured input, output or label: `{data, encoding: CSV | JSON | BASE64, observedContentType?}`. BASE64 is
 * what SageMaker does with content types that were not listed; text is read all the same. Codes: `missing`,
 * `unreadable-content`, `malformed-json`.
 */
export function payloadRows(payload: unknown, field: string): PayloadRows {
  const data = property(payload, 'data');
  if (typeof data !== 'string') return refused(field, 'missing', 'expected data, as captured or labelled');
  const type = String(property(payload, 'observedContentType') ?? '');
  const encoding = property(payload, 'encoding');
  if (encoding === 'CSV') return { ok: true, rows: csvRows(data) };
  if (encoding === 'JSON') return jsonRows(data, type, field);
  if (encoding !== 'BASE64') return refused(`${field}/encoding`, 'unreadable-content', 'expected CSV, JSON or BASE64');
  const text = Buffer.from(data, 'base64').toString('utf8');
  if (/csv/i.test(type)) return { ok: true, rows: csvRows(text) };
  if (/json/i.test(type)) return jsonRows(text, type, field);
  return refused(field, 'unreadable-content', `content of type ${JSON.stringify(type.slice(0, 80))} is no table`);
}

function refused(field: string, code: string, reason: string): PayloadRows {
  return { ok: false, problems: [problem(field, code, reason)] };
}

function jsonRows(text: string, type: string, field: string): PayloadRows {
  const parts = /jsonlines|ndjson/i.test(type) ? text.split('\n').filter((line) => line.trim() !== '') : [text];
  const parsed = parts.map(parse);
  const fault = parsed.find((part) => !part.ok);
  if (fault !== undefined && !fault.ok) return refused(field, 'malformed-json', fault.reason);
  const values = parsed.flatMap((part: WireResult<unknown>) => (part.ok ? [part.value] : []));
  return { ok: true, rows: parts.length === 1 ? rowsIn(values[0]) : values };
}

function rowsIn(value: unknown): readonly PayloadRow[] {
  if (Array.isArray(value)) return value.some((item) => typeof item === 'object') ? value : [value];
  for (const name of containers) {
    const rows = property(value, name);
    if (Array.isArray(rows)) return rows;
  }
  return [value];
}

/** Lines of comma-separated cells, quoted where they hold commas (RFC 4180, without line ends in quotes). */
function csvRows(text: string): readonly PayloadRow[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => (line.includes('"') ? quotedCells(line) : line.split(',').map((cell) => cell.trim())));
}

function quotedCells(line: string): readonly string[] {
  const cells = [''];
  let isQuoted = false;
  for (let i = 0; i < line.length; i += 1) {
    const character = line[i]!;
    const isEscaped = isQuoted && character === '"' && line[i + 1] === '"';
    if (isEscaped) i += 1;
    if (character === '"' && !isEscaped) isQuoted = !isQuoted;
    else if (character === ',' && !isQuoted) cells.push('');
    else cells[cells.length - 1] += character;
  }
  return cells;
}
