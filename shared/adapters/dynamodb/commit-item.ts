import * as z from '../../domain/zod.ts';
import type { Commit, Head, NewCommit } from '../../ports/event-store.ts';
import { listKeys } from '../list-keys.ts';
import { shardedList, shardOf } from './shards.ts';

/** Sort key of a stream's head. */
export const headKey = 'head';

/** Zero-padded, so that commits sort by version. */
export function commitKey(version: number): string {
  return `commit#${String(version).padStart(9, '0')}`;
}

// Events and state are stored as JSON text: DynamoDB's numbers end at 1e-130 and 1e126, p-values do not.
const commitItem = z.object({
  pk: z.string(),
  version: z.number(),
  events: z.string(),
  actor: z.string(),
  reason: z.string(),
  occurredAt: z.string(),
  correlationId: z.string().optional(),
  hash: z.string(),
  previousHash: z.string(),
});
const headItem = z.object({ pk: z.string(), version: z.number(), state: z.string(), hash: z.string() });

export function commitToItem({ streamId, events, actor, ...rest }: Commit): Record<string, unknown> {
  return {
    pk: streamId,
    sk: commitKey(rest.version),
    ...rest,
    events: JSON.stringify(events),
    actor: JSON.stringify(actor),
  };
}

export function commitFromItem(item: unknown): Commit {
  const { pk: streamId, events, actor, correlationId, ...rest } = commitItem.parse(item);
  const correlation = correlationId === undefined ? {} : { correlationId };
  return { streamId, ...rest, ...correlation, events: JSON.parse(events), actor: JSON.parse(actor) };
}

export function headToItem(commit: NewCommit, sealed: Commit): Record<string, unknown> {
  return {
    pk: commit.streamId,
    sk: headKey,
    version: sealed.version,
    state: JSON.stringify(commit.state),
    hash: sealed.hash,
    ...listKeys(commit.lists),
    ...(commit.row && {
      rowList: shardedList(commit.row.list, shardOf(commit.streamId)),
      row: JSON.stringify(commit.row.value),
    }),
  };
}

export function headFromItem<S>(item: unknown): Head<S> {
  const { pk: streamId, version, state, hash } = headItem.parse(item);
  return { streamId, version, state: JSON.parse(state), hash };
}
