import type { ReferenceRow } from '../health/reference-row.ts';
import { createReferenceRowReader, type ReferenceSchema } from './reference-row-reader.ts';

/**
 * Rows of an NDJSON text, one `{features, score, label?, predictedAt?}` per line; empty lines are skipped. `predictedAt`
 * is Unix milliseconds or ISO-8601 text in the window, of all rows or of none. Throws `ArtifactUnusable` (code
 * `malformed-reference-window`) with the first ten faults, each naming its line, and when there is no row.
 */
export function parseReferenceWindow(text: string, schema: ReferenceSchema): readonly ReferenceRow[] {
  const reader = createReferenceRowReader(schema);
  const rows = text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : (reader.read(parseLine(line), `line ${index + 1}`) ?? [])));
  reader.finish();
  return rows;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
