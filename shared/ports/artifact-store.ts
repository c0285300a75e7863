/** Objects named by `s3://bucket/key`; only the project's artefact bucket is readable. */
export interface ArtifactStore {
  /** Throws `ArtifactUnusable` (code `artifact-missing`) when there is none. */
  read(uri: string): Promise<Uint8Array>;
  digest(uri: string): Promise<string>;
}
