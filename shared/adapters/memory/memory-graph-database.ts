import { createAdjacency } from '../../domain/graph/adjacency.ts';
import type { Contribution } from '../../domain/graph/contribution.ts';
import { walk } from '../../domain/graph/walk.ts';
import type { GraphDatabase } from '../../ports/graph-database.ts';

/** Twin of Neptune for tests. */
export function createMemoryGraphDatabase(): GraphDatabase {
  const streams = new Map<string, { readonly version: number; readonly contribution: Contribution }>();
  return {
    apply: async (streamId, version, contribution) => {
      if ((streams.get(streamId)?.version ?? 0) <= version) streams.set(streamId, { version, contribution });
    },
    clearSome: async () => {
      const [first] = streams.keys();
      return first !== undefined && streams.delete(first);
    },
    count: async () => {
      const contributions = [...streams.values()].map(({ contribution }) => contribution);
      return {
        entities: new Set(contributions.flatMap(({ entities }) => entities.map(({ uri }) => uri))).size,
        claims: contributions.reduce((total, { claims }) => total + claims.length, 0),
      };
    },
    reach: async (request) => {
      const adjacency = createAdjacency();
      for (const [streamId, { contribution }] of streams) adjacency.replace(streamId, contribution);
      const { reached } = walk(adjacency, request);
      return reached.map(({ uri, depth }) => ({ uri, depth })).toSorted((a, b) => (a.uri < b.uri ? -1 : 1));
    },
  };
}
