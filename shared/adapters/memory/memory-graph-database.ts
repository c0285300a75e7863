import { createAdjacency } from '../../domain/graph/adjacency.ts';
import type { Contribution } from '../../domain/graph/contribution.ts';
import { countSaid } from '../../domain/graph/rebuild.ts';
import { walk } from '../../domain/graph/walk.ts';
import type { GraphDatabase } from '../../ports/graph-database.ts';

/** Twin of Neptune for tests. */
export function createMemoryGraphDatabase(): GraphDatabase {
  const streams = new Map<string, { readonly version: number; readonly contribution: Contribution }>();
  const apply = (streamId: string, version: number, contribution: Contribution) => {
    if ((streams.get(streamId)?.version ?? 0) <= version) streams.set(streamId, { version, contribution });
  };
  return {
    apply: async (streamId, version, contribution) => apply(streamId, version, contribution),
    applyMany: async (said) => {
      for (const { streamId, version, contribution } of said) apply(streamId, version, contribution);
    },
    clearSome: async () => {
      const [first] = streams.keys();
      return first !== undefined && streams.delete(first);
    },
    count: async () => countSaid([...streams.values()].map(({ contribution }) => contribution)),
    reach: async (request) => {
      const adjacency = createAdjacency();
      for (const [streamId, { contribution }] of streams) adjacency.replace(streamId, contribution);
      const { reached } = walk(adjacency, request);
      return reached.map(({ uri, depth }) => ({ uri, depth })).toSorted((a, b) => (a.uri < b.uri ? -1 : 1));
    },
  };
}
