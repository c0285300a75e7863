import type { ByteSource, Table } from '../../ports/table.ts';
import { openCsv } from './csv-table.ts';
import { openNdjson } from './ndjson-table.ts';
import { openParquet } from './parquet-table.ts';
import { unreadableTable } from './table-error.ts';

const formats: readonly (readonly [RegExp, (source: ByteSource) => Promise<Table>])[] = [
  [/\.csv(\.gz)?$/i, openCsv],
  [/\.(ndjson|jsonl)(\.gz)?$/i, openNdjson],
  [/\.parquet$/i, openParquet],
];

/** The table in a file, by the ending of its name. Throws `ArtifactUnusable` (code `unreadable-table`). */
export function openTable(source: ByteSource): Promise<Table> {
  const open = formats.find(([ending]) => ending.test(source.name))?.[1];
  if (open !== undefined) return open(source);
  const expected = '.csv, .csv.gz, .ndjson, .jsonl, .ndjson.gz, .jsonl.gz or .parquet';
  return Promise.reject(unreadableTable(source.name, `unknown ending, expected ${expected}`));
}
