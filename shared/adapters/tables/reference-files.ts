import { isRunwayError, RunwayError } from '../../domain/errors.ts';
import type { ReferenceRow } from '../../domain/health/reference-row.ts';
import { createReferenceRowReader, type ReferenceSchema } from '../../domain/registry/reference-row-reader.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import type { ReferenceFiles } from '../../ports/reference-files.ts';
import type { ByteSource } from '../../ports/table.ts';
import { openTable } from './open-table.ts';
import { referenceColumns, rowOfBatch } from './reference-columns.ts';
import { textLines } from './text-chunks.ts';

/** A row as the file has it, and where. */
type PlacedRow = { readonly row: unknown; readonly place: string };

const rowsPerBatch = 8_192;

/** By the ending of the URI: `.csv`, `.csv.gz` and `.parquet` are tables; anything else is NDJSON, gzipped if `.gz`. */
export function createReferenceFiles(artifacts: Pick<ArtifactStore, 'source'>): ReferenceFiles {
  return {
    open: async (uri) => {
      const source = await artifacts.source(uri);
      return {
        size: source.size,
        rows: (schema) => readRows(isTable(uri) ? tableRows(source, schema) : lineRows(source), schema),
      };
    },
  };
}

function isTable(uri: string): boolean {
  return /\.(csv(\.gz)?|parquet)$/i.test(uri);
}

async function* readRows(
  placed: AsyncIterable<PlacedRow>,
  schema: ReferenceSchema,
): AsyncGenerator<readonly ReferenceRow[]> {
  const reader = createReferenceRowReader(schema);
  let rows: ReferenceRow[] = [];
  try {
    for await (const { row, place } of placed) {
      const read = reader.read(row, place);
      if (read === undefined || rows.push(read) < rowsPerBatch) continue;
      yield rows;
      rows = [];
    }
  } catch (error) {
    throw translated(error);
  }
  if (rows.length > 0) yield rows;
  reader.finish();
}

/** What the file's format says of it, as what it means here. */
function translated(error: unknown): unknown {
  const isOfFormat = isRunwayError(error) && (error.code === 'unreadable-table' || error.code === 'unknown-column');
  if (!isOfFormat) return error;
  const message = `the reference window cannot be used: ${error.message}`;
  return new RunwayError('ArtifactUnusable', 'malformed-reference-window', message);
}

async function* lineRows(source: ByteSource): AsyncGenerator<PlacedRow> {
  let line = 0;
  for await (const text of textLines(source)) {
    line += 1;
    if (text.trim() !== '') yield { row: parsed(text), place: `line ${line}` };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function* tableRows(source: ByteSource, schema: ReferenceSchema): AsyncGenerator<PlacedRow> {
  const table = await openTable(source);
  const columns = referenceColumns(schema, table.columns);
  let row = 0;
  for await (const batch of table.batches(columns.names)) {
    const rowAt = rowOfBatch(schema, columns, batch);
    for (let index = 0; index < batch.rows; index += 1) {
      row += 1;
      yield { row: rowAt(index), place: `row ${row}` };
    }
  }
}
