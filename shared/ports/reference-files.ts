import type { ReferenceRow } from '../domain/health/reference-row.ts';
import type { ReferenceSchema } from '../domain/registry/reference-row-reader.ts';

/** A file with the rows of a reference window. */
export interface ReferenceFile {
  /** Bytes, as it is stored. */
  readonly size: number;
  /**
   * The rows in file order, in batches; each call reads the file anew and holds one batch at a time. Throws
   * `ArtifactUnusable` (code `malformed-reference-window`) when the file or a row cannot be used, or there is no row.
   */
  rows(schema: ReferenceSchema): AsyncIterable<readonly ReferenceRow[]>;
}

export interface ReferenceFiles {
  /** Throws `ArtifactUnusable` (code `artifact-missing`) when there is none. */
  open(uri: string): Promise<ReferenceFile>;
}
