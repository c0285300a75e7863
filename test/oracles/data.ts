import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The public oracles lie beside the project, never in it. */
const root = new URL('../../../shared/data/', import.meta.url);

export const hasOracles = existsSync(new URL('CONVENTIONS.md', root));

if (!hasOracles) console.log(`skipped: no oracle data at ${root.pathname}`);

// biome-ignore lint/suspicious/noExplicitAny: oracle files are walked by path, figure by figure
export type Json = any;

export function readJson(path: string): Json {
  return JSON.parse(readFileSync(new URL(path, root), 'utf8'));
}

export type Table = readonly Readonly<Record<string, string>>[];

/** Rows by column name; an empty cell is ''. */
export function readCsv(path: string): Table {
  const bytes = readFileSync(new URL(path, root));
  const [header = [], ...rows] = records(
    path.endsWith('.gz') ? gunzipSync(bytes).toString('utf8') : bytes.toString('utf8'),
  );
  return rows.map((cells) => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])));
}

/** RFC 4180; quotes are rare, so that most lines are split at once. */
function records(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) =>
      line.includes('"')
        ? [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
            cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
          )
        : line.split(','),
    );
}

export function numbers(rows: Table, column: string): readonly (number | null)[] {
  return rows.map((row) => (row[column] === '' ? null : Number(row[column])));
}

export function texts(rows: Table, column: string): readonly (string | null)[] {
  return rows.map((row) => (row[column] === '' ? null : (row[column] ?? null)));
}

/** Rows of each window, in the order of the file. */
export function byWindow(rows: Table): ReadonlyMap<string, Table> {
  return Map.groupBy(rows, (row) => row.window ?? '');
}
