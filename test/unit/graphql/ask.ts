import { queryLimits } from '../../../shared/graphql/query-limits.ts';
import { createGraphSchema } from '../../../shared/graphql/schema.ts';
import { createGraphServer, type GraphAnswer } from '../../../shared/graphql/server.ts';
import type { GraphStore } from '../../../shared/ports/graph-store.ts';
import { createEntityReader, type ReaderOptions } from '../../../shared/use-cases/graph/read-entities.ts';
import { createStoredView } from '../../support/stored-view.ts';
import { now } from './worked-example.ts';

type Options = Partial<Pick<ReaderOptions, 'mayRead' | 'isOver' | 'maximumClaims'>>;

export const unexpected: unknown[] = [];
const server = createGraphServer({ schema: createGraphSchema(), onUnexpected: (error) => unexpected.push(error) });

/** Asks as the function does: a fresh reader over the graph as it is now. */
export function asker(store: GraphStore, options: Options = {}) {
  const view = createStoredView(store);
  return async (query: string, variables?: Record<string, unknown>): Promise<GraphAnswer> => {
    const reader = createEntityReader({
      graph: await view(),
      mayRead: () => true,
      maximumClaims: queryLimits.claims,
      isOver: () => false,
      ...options,
    });
    return server({ query, variables }, { reader, now });
  };
}

/** Of the only error. */
export function codeOf({ status, body }: GraphAnswer): unknown {
  return body.errors?.length === 1 ? [status, body.errors[0]?.extensions.code] : body.errors;
}
