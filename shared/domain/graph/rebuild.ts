import { hourMillis, type Instant, toMillis } from '../time.ts';
import type { Contribution } from './contribution.ts';

/** How far a rebuild has come. `clearing` empties the database, `replaying` reads every stream again. */
export type Rebuild = {
  readonly rebuildId: string;
  readonly status: 'clearing' | 'replaying' | 'succeeded' | 'failed';
  readonly startedBy: string;
  readonly startedAt: Instant;
  readonly updatedAt: Instant;
  /** Grows when a rebuild that failed is resumed. */
  readonly attempt: number;
  /** Where in the list of models it stands; absent at the beginning. */
  readonly cursor?: string;
  readonly models: number;
  readonly streams: number;
  /** Streams that the graph had missed or misread. */
  readonly corrected: number;
  /** At the end: what was counted in the table and in the database; equal unless something changed meanwhile. */
  readonly counted?: { readonly table: GraphCounts; readonly database: GraphCounts };
};

export type GraphCounts = { readonly entities: number; readonly claims: number };

export function isRunning({ status }: Rebuild): boolean {
  return status === 'clearing' || status === 'replaying';
}

/** A step takes minutes at most: after an hour without one, whoever took them is gone. */
export function isStalled({ updatedAt }: Rebuild, now: Instant): boolean {
  return toMillis(now) - toMillis(updatedAt) > hourMillis;
}

/** Numbered, so that no two are confused however close they are. */
export function nextRebuildId(latest: string | undefined): string {
  return `rebuild-${Number(latest?.slice('rebuild-'.length) ?? 0) + 1}`;
}

/** Entities that are described or at an end of an edge, and claims of edges; a suppression is said in the table alone. */
export function countSaid(contributions: readonly Contribution[]): GraphCounts {
  const uris = new Set<string>();
  let claimed = 0;
  for (const { entities, claims } of contributions) {
    for (const { uri } of entities) uris.add(uri);
    for (const { from, to, suppresses } of claims) {
      if (suppresses !== undefined) continue;
      uris.add(from).add(to);
      claimed += 1;
    }
  }
  return { entities: uris.size, claims: claimed };
}
