/** That a writer's trust has changed (`trustRevision`), or that a restatement has further buckets. */
export type RestatementMessage =
  | { readonly writer: string; readonly revision: number }
  | { readonly restatementId: string };

/** Where restatements are asked for and go on. At least once, in no order. */
export interface RestatementQueue {
  /** Throws `DependencyUnavailable`; then it may be in the queue nevertheless. */
  send(message: RestatementMessage): Promise<void>;
}
