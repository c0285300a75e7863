import type { Actor } from '../domain/actor.ts';
import type { Instant } from '../domain/time.ts';

export type DomainEvent = { readonly type: string; readonly schemaVersion: number };

/**
 * Where a head is listed: at most one list named `<what>` or `<what>#<which>` and one named `<what>#<by>#<owner>`, each
 * keyset-paged in `sort` order.
 */
export type ListEntry = { readonly list: string; readonly sort: string };

export type NewCommit<E extends DomainEvent = DomainEvent, S = unknown> = {
  readonly streamId: string;
  /** 0 for a new stream. */
  readonly expectedVersion: number;
  readonly events: readonly E[];
  /** State after the events, as `evolve` gives it; stored as the head. */
  readonly state: S;
  readonly lists: readonly ListEntry[];
  /** A compact copy of the state, for who reads the whole list at once. @default none */
  readonly row?: { readonly list: string; readonly value: unknown };
  readonly actor: Actor;
  readonly reason: string;
  readonly occurredAt: Instant;
  /** What the commit belongs to, across streams. @default the id under which the function works */
  readonly correlationId?: string | undefined;
};

export type Commit<E extends DomainEvent = DomainEvent> = {
  readonly streamId: string;
  readonly version: number;
  readonly events: readonly E[];
  readonly actor: Actor;
  readonly reason: string;
  readonly occurredAt: Instant;
  /** Absent in commits from before there was one. */
  readonly correlationId?: string;
  /** SHA-256 (hex) of the commit with this hash; `previousHash` of version 1 is 64 zeros. */
  readonly hash: string;
  readonly previousHash: string;
};

export type Head<S> = { readonly streamId: string; readonly version: number; readonly state: S; readonly hash: string };

export type Page<T> = { readonly items: readonly T[]; readonly cursor?: string };

/** Append-only streams with optimistic concurrency. Twins: `adapters/memory`, `adapters/dynamodb`. */
export interface EventStore {
  /** Strongly consistent. */
  head<S>(streamId: string): Promise<Head<S> | undefined>;
  /** All commits or none, at most ten streams; throws `VersionConflict` if any stream has moved. */
  append(commits: readonly NewCommit[]): Promise<void>;
  commits(
    streamId: string,
    page: { readonly afterVersion: number; readonly limit: number },
  ): Promise<readonly Commit[]>;
  /** Eventually consistent. `prefix` filters on the start of `sort`. */
  list<S>(
    list: string,
    page: { readonly limit: number; readonly cursor?: string; readonly prefix?: string; readonly descending?: boolean },
  ): Promise<Page<Head<S>>>;
  /** The row of every head that has one in this list, in no order. Eventually consistent. */
  rows<R>(list: string): Promise<readonly R[]>;
}
