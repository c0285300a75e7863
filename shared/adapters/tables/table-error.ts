import { RunwayError } from '../../domain/errors.ts';

/** `ArtifactUnusable` (code `unreadable-table`): the file is not what its name says, or not whole. */
export function unreadableTable(file: string, problem: string): RunwayError {
  return new RunwayError('ArtifactUnusable', 'unreadable-table', `${file}: ${problem}`);
}

/** Throws `ArtifactUnusable` (code `unknown-column`) unless the file has all the asked columns. */
export function expectColumns(file: string, columns: readonly string[], asked: readonly string[]): void {
  const missing = asked.filter((name) => !columns.includes(name));
  if (missing.length === 0) return;
  const wanted = missing.map((name) => JSON.stringify(name)).join(', ');
  const found = columns.length === 0 ? 'it has none' : `it has ${columns.join(', ')}`;
  throw new RunwayError('ArtifactUnusable', 'unknown-column', `${file}: no column ${wanted}, ${found}`);
}

/** The message of whatever a library threw. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
