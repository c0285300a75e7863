/** How far a follower of the graph's change log has come. Twins: `adapters/memory`, `adapters/dynamodb`. */
export interface ChangeCursor {
  /** Number of the last change that was followed; 0 before the first. */
  get(): Promise<number>;
  put(change: number): Promise<void>;
}
