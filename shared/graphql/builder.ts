import SchemaBuilder from '@pothos/core';
import RelayPlugin from '@pothos/plugin-relay';
import { GraphQLError } from 'graphql';
import { parseEntityRef } from '../domain/graph/entity-ref.ts';
import { type Instant, instantSchema } from '../domain/time.ts';
import type { EntityNode, EntityReader } from '../use-cases/graph/read-entities.ts';
import type { SearchPage, SearchQuestion } from '../use-cases/graph/search-entities.ts';
import { checkSize } from './pages.ts';
import { queryLimits } from './query-limits.ts';
import { typeName } from './type-names.ts';

/** What resolvers know of the request. */
export type GraphContext = {
  readonly reader: EntityReader;
  /** What the caller may see of what is found; reads the index only when it is asked. */
  readonly search: (question: SearchQuestion) => Promise<SearchPage>;
  /** The moment the gateway received it. */
  readonly now: Instant;
};

export type Builder = ReturnType<typeof createBuilder>;
export type BuilderTypes = Builder['$inferSchemaTypes'];

/** Of a code-first schema whose ids are the entities' URIs. */
export function createBuilder() {
  const builder = new SchemaBuilder<{
    Context: GraphContext;
    Scalars: { DateTime: { Input: Instant; Output: Instant }; ID: { Input: string; Output: string } };
  }>({
    plugins: [RelayPlugin],
    relay: {
      encodeGlobalID: (_typeName, id) => String(id),
      decodeGlobalID: (uri) => ({ typename: typeName(parseEntityRef(uri).type), id: uri }),
      // Nothing but entities is a node.
      nodeTypeOptions: { resolveType: (value) => typeName((value as EntityNode).type) },
      nodeQueryOptions: {
        description: 'The entity with this URI at present; null when nobody mentions it.',
        resolve: (_root, { id }, { reader }) => reader.find(id.id, undefined),
      },
      nodesQueryOptions: {
        description: `Up to ${queryLimits.pageSize} at once, in their order.`,
        resolve: (_root, { ids }, { reader }) => {
          checkSize('ids', ids.length);
          return ids.map(({ id }) => reader.find(id, undefined));
        },
      },
    },
  });
  builder.queryType({ description: 'Reads the lifecycle graph. Nothing is changed through GraphQL.' });
  builder.scalarType('DateTime', {
    description: 'ISO-8601 with zone; answers are UTC with milliseconds.',
    serialize: (value) => value,
    parseValue: instantOf,
  });
  return builder;
}

function instantOf(value: unknown): Instant {
  const { data, error } = instantSchema.safeParse(value);
  if (data !== undefined) return data;
  throw new GraphQLError(error?.issues[0]?.message ?? 'expected a date-time');
}
