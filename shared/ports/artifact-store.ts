import type { ByteSource } from './table.ts';

/** Objects named by `s3://bucket/key`; only the project's artefact bucket is readable. */
export interface ArtifactStore {
  /** Throws `ArtifactUnusable` (code `artifact-missing`) when there is none. */
  read(uri: string): Promise<Uint8Array>;
  digest(uri: string): Promise<string>;
  /** For what is too large to be read whole. Throws `ArtifactUnusable` (code `artifact-missing`) when there is none. */
  source(uri: string): Promise<ByteSource>;
}
