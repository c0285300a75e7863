import type { Actor } from '../../domain/actor.ts';
import { isRunwayError } from '../../domain/errors.ts';
import type { Adjacency } from '../../domain/graph/adjacency.ts';
import { registryPlatform } from '../../domain/graph/entities.ts';
import { parseEntityRef } from '../../domain/graph/entity-ref.ts';
import { type Reached, walk } from '../../domain/graph/walk.ts';
import type { ExternalDependencyChange } from '../../domain/retraining/external-dependency-change.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { changeModel } from '../registry/change-model.ts';

export type ReportDependencies = { readonly events: EventStore; readonly graph: (now: Instant) => Promise<Adjacency> };

/** Of models; what is nearer to the change is told first. */
const maximumAffected = 1_000;
const writesAtOnce = 10;
/** In edges; who is further away hears of it from who is nearer. */
const depth = 10;

/**
 * Notes on every registered model that depends on what changed, directly or through others, so that its owners are told.
 * A model that knows is not told again: whoever is interrupted reports the whole again. Gives the models that were told.
 */
export async function reportDependencyChange(
  { events, graph }: ReportDependencies,
  { source, eventId, uri, change, reason }: ExternalDependencyChange,
  now: Instant,
): Promise<readonly string[]> {
  const affected = modelsIn(walk(await graph(now), { root: uri, direction: 'downstream', depth }).reached);
  const actor: Actor = { id: `external:${source}`, kind: 'service', roles: [], teams: [] };
  const told: string[] = [];
  for (let at = 0; at < affected.length; at += writesAtOnce)
    await Promise.all(
      affected.slice(at, at + writesAtOnce).map(async ({ modelId, path }) => {
        const changeId = `${source}#${eventId}`;
        const command = { type: 'ReportDependencyChange', changeId, uri, change, reason, path } as const;
        if (await changes(events, modelId, command, { actor, now, reason })) told.push(modelId);
      }),
    );
  return told.toSorted();
}

function modelsIn(
  reached: readonly Reached[],
): readonly { readonly modelId: string; readonly path: readonly string[] }[] {
  return reached
    .flatMap(({ uri, path }) => {
      const { type, platform, id } = parseEntityRef(uri);
      return type === 'model' && platform === registryPlatform ? [{ modelId: id, path }] : [];
    })
    .slice(0, maximumAffected);
}

async function changes(
  events: EventStore,
  modelId: string,
  command: Parameters<typeof changeModel>[2][number],
  context: Parameters<typeof changeModel>[3],
): Promise<boolean> {
  try {
    return (await changeModel(events, modelId, [command], context)).events.length > 0;
  } catch (error) {
    // Somebody may name a model that was never registered.
    if (isRunwayError(error) && error.name === 'NotFound') return false;
    throw error;
  }
}
