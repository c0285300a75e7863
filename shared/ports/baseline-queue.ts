/** A version whose reference window is too large to be read while its registration waits. */
export type BaselineRequest = { readonly modelId: string; readonly version: number };

/** Where baselines are asked for that a job builds. */
export interface BaselineQueue {
  /** The same request twice builds the same baseline. Throws `DependencyUnavailable`. */
  send(request: BaselineRequest): Promise<void>;
}
