import type { Actor } from '../../domain/actor.ts';
import type { CascadeState } from '../../domain/retraining/cascade/cascade.ts';
import { cascadesOfModel, endedCascades, openCascades } from '../../domain/retraining/cascade/cascade-lists.ts';
import { cascadeStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Page } from '../../ports/event-store.ts';
import { changeCascade } from './change-cascade.ts';

export type CascadeQuery = {
  readonly status: 'open' | 'ended';
  /** All of this model's, whatever their status. */
  readonly modelId?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
};

/** The latest promotion first. */
export async function listCascades(
  events: EventStore,
  { status, modelId, limit, cursor }: CascadeQuery,
): Promise<Page<CascadeState>> {
  const byStatus = status === 'open' ? openCascades : endedCascades;
  const { items, ...rest } = await events.list<CascadeState>(modelId ? cascadesOfModel(modelId) : byStatus, {
    limit,
    descending: true,
    ...(cursor !== undefined && { cursor }),
  });
  return { items: items.map(({ state }) => state), ...rest };
}

/** What has not started never will; what has goes on. Throws `NotFound`, and `IllegalTransition` when the cascade has ended. */
export function vetoCascade(
  events: EventStore,
  request: { readonly cascadeId: string; readonly reason: string; readonly actor: Actor; readonly now: Instant },
): Promise<CascadeState> {
  const { cascadeId, reason, actor, now } = request;
  const command = { type: 'StopCascade', kind: 'vetoed', by: actor.id, reason } as const;
  return changeCascade(events, cascadeId, command, { actor, now, reason });
}

/** Team that owns the promoted model; undefined when there is no such cascade. */
export async function teamOfCascade(events: EventStore, cascadeId: string): Promise<string | undefined> {
  return (await events.head<CascadeState>(cascadeStream(cascadeId)))?.state.team;
}
