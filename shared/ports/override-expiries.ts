import type { EntityUri } from '../domain/graph/entity-ref.ts';
import type { Instant } from '../domain/time.ts';

export type OverrideExpiry = { readonly subject: EntityUri; readonly expiresAt: Instant };

/** When overrides of edges that begin at a subject are to end. A note may outlive its override, never the other way round. */
export interface OverrideExpiries {
  note(expiry: OverrideExpiry): Promise<void>;
  /** At or before `now`, earliest first, at most 100. */
  due(now: Instant): Promise<readonly OverrideExpiry[]>;
  forget(expiry: OverrideExpiry): Promise<void>;
}
