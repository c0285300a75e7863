export type QueryStatus =
  | { readonly status: 'running' }
  | { readonly status: 'succeeded'; readonly scannedBytes: number }
  | { readonly status: 'failed'; readonly reason: string };

/** Runs SQL over the files of the batch layer. */
export interface QueryEngine {
  /** Id of the query. The same text again is the same query, so a start that was not answered may be repeated. */
  start(sql: string): Promise<string>;
  status(queryId: string): Promise<QueryStatus>;
}
