import type { EntityUri } from '../domain/graph/entity-ref.ts';
import type { Instant } from '../domain/time.ts';

/** How far inference has come. */
export type EnrichmentState = {
  /** Number of the last change of the graph that it has looked at. */
  readonly change: number;
  /** When it last looked at everything. */
  readonly everythingAt?: Instant | undefined;
  /** A look at everything that is under way: it began after that change, and has looked at all URIs up to that one. */
  readonly everything?: { readonly begunAt: number; readonly after: EntityUri } | undefined;
  /** Until then one run has the work, and no other begins. */
  readonly leasedUntil?: Instant | undefined;
};

export type StoredEnrichmentState = { readonly state: EnrichmentState; readonly revision: number };

/** One record that is replaced as a whole. */
export interface EnrichmentProgress {
  /** Revision 0 and change 0 when nothing was ever written; strongly consistent. */
  get(): Promise<StoredEnrichmentState>;
  /** Gives the new revision; throws `VersionConflict` when it was written since `expectedRevision`. */
  put(state: EnrichmentState, expectedRevision: number): Promise<number>;
}
