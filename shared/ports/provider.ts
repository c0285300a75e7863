import type { EntityUri } from '../domain/graph/entity-ref.ts';
import type { ProviderRef } from '../domain/graph/ingestion/thin-event.ts';
import type { Statement } from '../domain/graph/provider-contribution.ts';
import type { Instant } from '../domain/time.ts';

/** A thing that the provider has. `version` changes with its state; without one it is read anew each time. */
export type Listed = { readonly subject: EntityUri; readonly ref: ProviderRef; readonly version?: string | undefined };

export type Listing = {
  readonly listed: readonly Listed[];
  /** Whole current state of some of them; the others are hydrated one by one where their version is new. */
  readonly statements: readonly Statement[];
  /** Where to go on; absent when everything was listed. */
  readonly cursor?: string;
};

/**
 * A source system, as the graph sees it. `hydrate` and `list` throw `DependencyUnavailable` when it does not answer or
 * talks nonsense, and `MalformedRecord` when one thing cannot be understood; both may be asked as often as one likes.
 */
export interface Provider {
  /** Undefined when it has no things of that kind. */
  subjectOf(ref: ProviderRef): EntityUri | undefined;
  /** How it is asked about an entity; undefined of what is not its own. */
  refOf(subject: EntityUri): ProviderRef | undefined;
  /** The full current state: of the thing itself first, and of what is known through it only. `fresh`: not from a cache. */
  hydrate(ref: ProviderRef, request: { readonly now: Instant; readonly fresh: boolean }): Promise<Hydrated>;
  list(cursor: string | undefined, now: Instant): Promise<Listing>;
  /** Whether a whole listing names every thing of that kind, so that what it does not name is gone. */
  lists(subject: EntityUri): boolean;
}

export type Hydrated = readonly Statement[] | 'gone';
