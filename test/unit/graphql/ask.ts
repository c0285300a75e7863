import { createMemorySearchSnapshots } from '../../../shared/adapters/memory/memory-search-snapshots.ts';
import { createMemorySearchIndex } from '../../../shared/adapters/search/memory-search-index.ts';
import { queryLimits } from '../../../shared/graphql/query-limits.ts';
import { createGraphSchema } from '../../../shared/graphql/schema.ts';
import { createGraphServer, type GraphAnswer } from '../../../shared/graphql/server.ts';
import type { GraphStore } from '../../../shared/ports/graph-store.ts';
import { createEntityReader, type ReaderOptions } from '../../../shared/use-cases/graph/read-entities.ts';
import { createSearchView } from '../../../shared/use-cases/graph/search-view.ts';
import { createStoredView } from '../../support/stored-view.ts';
import { now } from './worked-example.ts';

type Options = Partial<Pick<ReaderOptions, 'mayRead' | 'isOver' | 'maximumClaims'>>;

export const unexpected: unknown[] = [];
const server = createGraphServer({ schema: createGraphSchema(), onUnexpected: (error) => unexpected.push(error) });

/** Asks as the function does: a fresh reader over the graph as it is now. */
export function asker(store: GraphStore, options: Options = {}) {
  const view = createStoredView(store);
  const search = createSearchView({
    graph: store,
    snapshots: createMemorySearchSnapshots(),
    createIndex: createMemorySearchIndex,
  });
  const mayRead = options.mayRead ?? (() => true);
  return async (query: string, variables?: Record<string, unknown>): Promise<GraphAnswer> => {
    const reader = createEntityReader({
      graph: await view(),
      mayRead,
      maximumClaims: queryLimits.claims,
      isOver: () => false,
      ...options,
    });
    return server(
      { query, variables },
      { reader, search: async (question) => (await search(now)).search({ ...question, mayRead }), now },
    );
  };
}

/** Of the only error. */
export function codeOf({ status, body }: GraphAnswer): unknown {
  return body.errors?.length === 1 ? [status, body.errors[0]?.extensions.code] : body.errors;
}
