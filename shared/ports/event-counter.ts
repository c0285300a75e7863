/** What each writer sent, by minute of arrival. Twins: `adapters/memory`, `adapters/dynamodb`. */
export interface EventCounter {
  /**
   * Adds events and returns all of that writer and minute (`2001-01-22T06:15`) so far, these included. Throws
   * `DependencyUnavailable`; then they may have been added nevertheless.
   */
  add(writer: string, minute: string, events: number): Promise<number>;
}
