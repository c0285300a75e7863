import type { ModelState, ModelVersion } from '../../domain/registry/model.ts';
import { allModels, versionsOfModel } from '../../domain/registry/model-lists.ts';
import { retrainsOfModel } from '../../domain/retraining/retrain-lists.ts';
import { rolloutsOfModel } from '../../domain/rollout/rollout-lists.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import type { StoredContribution } from '../../ports/graph-store.ts';
import { type GraphPorts, projectStream } from './project-stream.ts';

const pageSize = 100;
/** Of a model one retrain and one rollout are open at a time: older ones were swept while they were among the newest. */
const newest = 5;

/**
 * Projects every model and version, and of the newest retrains and rollouts every one, of which the graph has missed
 * something: hints get lost, and writers die between the table and the database. One stream that fails leaves the others
 * to be projected.
 */
export async function sweepGraph(
  ports: GraphPorts,
  now: Instant,
  onFailure: (streamId: string, error: unknown) => void,
): Promise<{ readonly streams: number; readonly behind: number }> {
  let [streams, behind] = [0, 0];
  for await (const heads of registryHeads(ports.events)) {
    const stored = await ports.graph.getMany(heads.map(({ streamId }) => streamId));
    const known = new Map(stored.map((each) => [each.streamId, each]));
    streams += heads.length;
    for (const head of heads.filter((each) => isBehind(known.get(each.streamId), each))) {
      behind += 1;
      await projectStream(ports, head.streamId, now).catch((error: unknown) => onFailure(head.streamId, error));
    }
  }
  return { streams, behind };
}

function isBehind(stored: StoredContribution | undefined, { version }: Head<unknown>): boolean {
  return stored === undefined || stored.version < version || stored.appliedVersion < stored.version;
}

async function* registryHeads(events: EventStore): AsyncGenerator<readonly Head<unknown>[]> {
  for await (const models of headsOf<ModelState>(events, allModels)) {
    yield models;
    for (const { state } of models) {
      const heads = await headsOfModel(events, state);
      if (heads.length > 0) yield heads;
    }
  }
}

async function headsOfModel(
  events: EventStore,
  { modelId, versionCount, retrainCount, rolloutCount }: ModelState,
): Promise<readonly Head<unknown>[]> {
  const [versions, ...others] = await Promise.all([
    versionCount > 0 ? allOf<ModelVersion>(events, versionsOfModel(modelId)) : [],
    retrainCount > 0 ? newestOf(events, retrainsOfModel(modelId)) : [],
    rolloutCount > 0 ? newestOf(events, rolloutsOfModel(modelId)) : [],
  ]);
  return [...versions, ...others.flat()];
}

async function allOf<S>(events: EventStore, list: string): Promise<readonly Head<S>[]> {
  const found: Head<S>[] = [];
  for await (const heads of headsOf<S>(events, list)) found.push(...heads);
  return found;
}

async function newestOf(events: EventStore, list: string): Promise<readonly Head<unknown>[]> {
  return (await events.list(list, { limit: newest, descending: true })).items;
}

async function* headsOf<S>(events: EventStore, list: string): AsyncGenerator<readonly Head<S>[]> {
  let cursor: string | undefined;
  do {
    const page = await events.list<S>(list, { limit: pageSize, ...(cursor !== undefined && { cursor }) });
    yield page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
