/** Files that a query left under a prefix. */
export interface MetricFiles {
  /** Ascending; the same whenever they are listed, since the query has ended. */
  list(prefix: string): Promise<readonly string[]>;
  /** Rows by column name. Throws `DependencyUnavailable`. */
  rows(file: string): AsyncIterable<Readonly<Record<string, unknown>>>;
}
