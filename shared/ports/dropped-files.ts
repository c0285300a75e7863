/** Text files that others put into a bucket of ours. */
export interface DroppedFiles {
  /** Lines in file order, read piece by piece. Throws `ArtifactUnusable` when it is gone or no text, `DependencyUnavailable`. */
  lines(key: string): AsyncIterable<string>;
}
