import { createHash } from 'node:crypto';
import { isRunwayError } from '../../../domain/errors.ts';
import type { EntityUri } from '../../../domain/graph/entity-ref.ts';
import { type GraphImport, type LineError, shownErrors } from '../../../domain/graph/import/graph-import.ts';
import { type ImportLine, readImportLine } from '../../../domain/graph/import/import-line.ts';
import type { ImportFiles } from '../../../ports/import-files.ts';

/** Reads the JSON of a line. Throws a `RunwayError` with what is wrong with it. */
export type ParseLine = (text: string) => unknown;

/** In UTF-16 units. */
const longestLine = 262_144;
const writtenAtOnce = 8;

type Counts = Pick<GraphImport, 'lines' | 'entities' | 'edges' | 'rejected' | 'errors'>;

/**
 * Sorts the lines of a part by their subject into groups of their own file, so that what is said of one subject, anywhere,
 * stands in one group. Gives the import's counts with those of the part.
 */
export async function splitPart(
  { files, parseLine }: { readonly files: ImportFiles; readonly parseLine: ParseLine },
  { importId, mode, groups, ...given }: GraphImport,
  part: number,
): Promise<Counts> {
  const sorted: string[][] = Array.from({ length: groups }, () => []);
  const errors: LineError[] = [...given.errors];
  let { lines, entities, edges, rejected } = given;
  let number = 0;
  for await (const text of files.partLines(importId, part)) {
    number += 1;
    if (text.trim() === '') continue;
    lines += 1;
    const line = read(text, mode, parseLine);
    if (typeof line === 'string') {
      rejected += 1;
      if (errors.length < shownErrors) errors.push({ part, line: number, reason: line });
      continue;
    }
    if (line.kind === 'entity') entities += 1;
    if (line.kind === 'edge') edges += 1;
    sorted[groupOf(line.subject, groups)]?.push(JSON.stringify(line));
  }
  await putGroups(files, importId, `part-${part}`, sorted);
  return { lines, entities, edges, rejected, errors };
}

/** Writes a file of each group. */
export async function putGroups(
  files: ImportFiles,
  importId: string,
  file: string,
  sorted: readonly (readonly string[])[],
): Promise<void> {
  for (let from = 0; from < sorted.length; from += writtenAtOnce) {
    const some = sorted.slice(from, from + writtenAtOnce);
    await Promise.all(some.map((lines, index) => files.putGroup(importId, from + index, file, lines)));
  }
}

/** From 0. */
export function groupOf(subject: EntityUri, groups: number): number {
  return createHash('sha256').update(subject).digest().readUInt32BE(1) % groups;
}

/** The line, or why there is none. */
function read(text: string, mode: GraphImport['mode'], parseLine: ParseLine): ImportLine | string {
  if (text.length > longestLine) return `the line is longer than ${longestLine} characters`;
  try {
    return readImportLine(parseLine(text), mode);
  } catch (error) {
    if (isRunwayError(error)) return error.message.slice(0, 300);
    throw error;
  }
}
