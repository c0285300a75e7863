import type { Instant } from '../domain/time.ts';

/** Where accepted events are kept and wait. */
export interface LineageInbox {
  /**
   * When it returns the events are kept and somebody will be told; who asks again with the same events has them told
   * again. Throws `DependencyUnavailable`.
   */
  add(events: readonly unknown[], now: Instant): Promise<void>;
  /** Events that were added under that name. */
  read(name: string): Promise<readonly unknown[]>;
}
