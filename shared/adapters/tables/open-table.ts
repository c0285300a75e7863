import type { ByteSource, Table } from '../../ports/table.ts';
import { unreadableTable } from './table-error.ts';

// Each reader brings a library of up to 200 kB, and most invocations need none of them.
const formats: readonly (readonly [RegExp, (source: ByteSource) => Promise<Table>])[] = [
  [/\.csv(\.gz)?$/i, async (source) => (await import('./csv-table.ts')).openCsv(source)],
  [/\.(ndjson|jsonl)(\.gz)?$/i, async (source) => (await import('./ndjson-table.ts')).openNdjson(source)],
  [/\.parquet$/i, async (source) => (await import('./parquet-table.ts')).openParquet(source)],
];

/** The table in a file, by the ending of its name. Throws `ArtifactUnusable` (code `unreadable-table`). */
export function openTable(source: ByteSource): Promise<Table> {
  const open = formats.find(([ending]) => ending.test(source.name))?.[1];
  if (open !== undefined) return open(source);
  const expected = '.csv, .csv.gz, .ndjson, .jsonl, .ndjson.gz, .jsonl.gz or .parquet';
  return Promise.reject(unreadableTable(source.name, `unknown ending, expected ${expected}`));
}
