import { type Adjacency, createAdjacency } from '../../domain/graph/adjacency.ts';
import type { GraphStore } from '../../ports/graph-store.ts';

/**
 * The dependencies in memory, as of the moment they are asked for: loaded as a whole once per process, then brought up
 * to the change log's end with one read per question.
 */
export function createGraphView(store: GraphStore): () => Promise<Adjacency> {
  let view: { readonly adjacency: Adjacency; change: number } | undefined;

  async function load(): Promise<Adjacency> {
    const { change, contributions } = await store.all();
    const adjacency = createAdjacency();
    for (const { streamId, contribution } of contributions) adjacency.replace(streamId, contribution);
    // What was written while it was read comes again with the log, to no effect.
    view = { adjacency, change };
    return adjacency;
  }

  return async () => {
    const present = view;
    if (present === undefined) return load();
    const changes = await store.changesAfter(present.change);
    if (changes === undefined) return load();
    for (const { contributions, change } of changes) {
      if (change <= present.change) continue;
      for (const { streamId, contribution } of contributions) present.adjacency.replace(streamId, contribution);
      present.change = change;
    }
    return present.adjacency;
  };
}
