import type { ModelState, ModelVersion } from '../../domain/registry/model.ts';
import { allModels, versionsOfModel } from '../../domain/registry/model-lists.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import type { StoredContribution } from '../../ports/graph-store.ts';
import { type GraphPorts, projectStream } from './project-stream.ts';

const pageSize = 100;

/**
 * Projects every model and version of which the graph has missed something: hints get lost, and writers die between
 * the table and the database. One stream that fails leaves the others to be projected.
 */
export async function sweepGraph(
  ports: GraphPorts,
  now: Instant,
  onFailure: (streamId: string, error: unknown) => void,
): Promise<{ readonly streams: number; readonly behind: number }> {
  const { contributions } = await ports.graph.all();
  const known = new Map(contributions.map((stored) => [stored.streamId, stored]));
  let [streams, behind] = [0, 0];
  for await (const head of registryHeads(ports.events)) {
    streams += 1;
    if (!isBehind(known.get(head.streamId), head)) continue;
    behind += 1;
    await projectStream(ports, head.streamId, now).catch((error: unknown) => onFailure(head.streamId, error));
  }
  return { streams, behind };
}

function isBehind(stored: StoredContribution | undefined, { version }: Head<unknown>): boolean {
  return stored === undefined || stored.version < version || stored.appliedVersion < stored.version;
}

async function* registryHeads(events: EventStore): AsyncGenerator<Head<unknown>> {
  for await (const model of headsOf<ModelState>(events, allModels)) {
    yield model;
    if (model.state.versionCount > 0) yield* headsOf<ModelVersion>(events, versionsOfModel(model.state.modelId));
  }
}

async function* headsOf<S>(events: EventStore, list: string): AsyncGenerator<Head<S>> {
  let cursor: string | undefined;
  do {
    const page = await events.list<S>(list, { limit: pageSize, ...(cursor !== undefined && { cursor }) });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
