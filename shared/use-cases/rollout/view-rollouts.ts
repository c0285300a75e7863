import { notFound } from '../../domain/errors.ts';
import type { Routing } from '../../domain/registry/model.ts';
import type { RolloutState } from '../../domain/rollout/rollout.ts';
import { rolloutsOfModel } from '../../domain/rollout/rollout-lists.ts';
import { rolloutStream } from '../../domain/stream-ids.ts';
import type { EventStore, Page } from '../../ports/event-store.ts';
import { loadModel } from '../registry/change-model.ts';
import { teamOf } from '../registry/team-of.ts';

/** What clients see: the task token would let its bearer answer the workflow. */
export type RolloutView = Omit<RolloutState, 'taskToken'>;

export function viewRollout({ taskToken: _, ...view }: RolloutState): RolloutView {
  return view;
}

/** Newest first. Throws `NotFound` for an unknown model. */
export async function listRollouts(
  events: EventStore,
  modelId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<Page<RolloutView>> {
  await loadModel(events, modelId);
  const page = await events.list<RolloutState>(rolloutsOfModel(modelId), {
    limit,
    descending: true,
    ...(cursor !== undefined && { cursor }),
  });
  return {
    items: page.items.map(({ state }) => viewRollout(state)),
    ...(page.cursor !== undefined && { cursor: page.cursor }),
  };
}

/** Throws `NotFound`: code `unknown-routing` while no version is deployed. */
export async function getRouting(events: EventStore, modelId: string): Promise<Routing> {
  const { routing } = (await loadModel(events, modelId)).state;
  if (routing === undefined) throw notFound('routing', modelId);
  return routing;
}

/** Team that owns the rollout's model; undefined when there is no such rollout. */
export async function teamOfRollout(events: EventStore, rolloutId: string): Promise<string | undefined> {
  const rollout = await events.head<RolloutState>(rolloutStream(rolloutId));
  return rollout && teamOf(events, rollout.state.modelId);
}
