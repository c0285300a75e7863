import type { GraphView } from '../../domain/graph/graph-view-types.ts';
import { buildColumns } from '../../domain/graph/snapshot/build-columns.ts';
import { createSnapshotView } from '../../domain/graph/snapshot/snapshot-view.ts';
import type { GraphStore } from '../../ports/graph-store.ts';

/**
 * The graph in memory, as of the moment it is asked for: loaded as a whole once per process, then brought up to the
 * change log's end with one read per question.
 */
export function createGraphView(store: GraphStore): () => Promise<GraphView> {
  let loaded: { readonly view: GraphView; change: number } | undefined;

  async function load(): Promise<GraphView> {
    const { change, contributions } = await store.all();
    const said = contributions.map(({ streamId, contribution }) => [streamId, contribution] as const);
    // What was written while it was read comes again with the log, to no effect.
    loaded = { view: createSnapshotView(buildColumns(change, said)), change };
    return loaded.view;
  }

  return async () => {
    const present = loaded;
    if (present === undefined) return load();
    const changes = await store.changesAfter(present.change);
    if (changes === undefined) return load();
    for (const { contributions, change } of changes) {
      if (change <= present.change) continue;
      for (const { streamId, contribution } of contributions) present.view.replace(streamId, contribution);
      present.change = change;
    }
    return present.view;
  };
}
