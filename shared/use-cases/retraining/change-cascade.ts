import { notFound } from '../../domain/errors.ts';
import { type CascadeState, waitingMembers } from '../../domain/retraining/cascade/cascade.ts';
import type { CascadeCommand } from '../../domain/retraining/cascade/cascade-events.ts';
import { cascadeLists, openCascades } from '../../domain/retraining/cascade/cascade-lists.ts';
import { decideCascade } from '../../domain/retraining/cascade/decide-cascade.ts';
import { evolveCascade } from '../../domain/retraining/cascade/evolve-cascade.ts';
import { cascadeStream } from '../../domain/stream-ids.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import type { ChangeContext } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';

/** Throws `NotFound` (code `unknown-cascade`). */
export async function loadCascade(events: EventStore, cascadeId: string): Promise<Head<CascadeState>> {
  const head = await events.head<CascadeState>(cascadeStream(cascadeId));
  if (head === undefined) throw notFound('cascade', cascadeId);
  return head;
}

/** What the command would append; nothing when it changes nothing. For appends of several streams at once. */
export function planCascadeChange(
  cascadeId: string,
  head: Head<CascadeState> | undefined,
  command: CascadeCommand,
  { actor, now, reason, correlationId }: ChangeContext,
): readonly NewCommit[] {
  const events = decideCascade(command, head?.state, now);
  const state = events.reduce<CascadeState | undefined>(evolveCascade, head?.state);
  if (state === undefined || events.length === 0) return [];
  const stream = { streamId: cascadeStream(cascadeId), expectedVersion: head?.version ?? 0 };
  return [{ ...stream, events, state, lists: cascadeLists(state), actor, reason, occurredAt: now, correlationId }];
}

/** Loads, decides, appends; again when another append came between. Gives the state after. */
export function changeCascade(
  events: EventStore,
  cascadeId: string,
  command: CascadeCommand,
  context: ChangeContext,
): Promise<CascadeState> {
  return withRetryOnConflict(async () => {
    const head = await loadCascade(events, cascadeId);
    const commits = planCascadeChange(cascadeId, head, command, context);
    if (commits.length > 0) await events.append(commits);
    return commits.reduce((_, { state }) => state as CascadeState, head.state);
  });
}

/** All that are under way, the oldest promotion first. Eventually consistent. */
export async function readOpenCascades(events: EventStore): Promise<readonly CascadeState[]> {
  const cascades: CascadeState[] = [];
  let cursor: string | undefined;
  do {
    const page = await events.list<CascadeState>(openCascades, { limit: 100, ...(cursor !== undefined && { cursor }) });
    cascades.push(...page.items.map(({ state }) => state));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return cascades;
}

/** The cascade by model, for all that wait in one. */
export function awaitedIn(open: readonly CascadeState[]): ReadonlyMap<string, string> {
  // Of two the older one: whatever comes later leaves out what waits already.
  return new Map(
    open
      .toReversed()
      .flatMap((cascade) => waitingMembers(cascade).map((modelId) => [modelId, cascade.cascadeId] as const)),
  );
}
