/** Puts objects into the project's artefact bucket, where few functions may. */
export interface ArtifactWriter {
  /** Under the same key the same object; answers its `s3://bucket/key`. */
  write(key: string, body: string): Promise<string>;
}
