/** Records of one partition key arrive in the order they were put, unless one had to be put again. */
export interface EventStream {
  /** All of them, or throws `DependencyUnavailable`; then some may be on the stream nevertheless. */
  put(records: readonly { readonly partitionKey: string; readonly data: Uint8Array }[]): Promise<void>;
}
