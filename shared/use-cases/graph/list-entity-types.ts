import { edgeTypeNames, edgeTypes } from '../../domain/graph/edge-types.ts';
import { entityTypeDefinitions, entityTypes } from '../../domain/graph/entity-types.ts';
import * as z from '../../domain/zod.ts';

/** What there can be in the graph: types of entities, with what may be said of each, and of the edges between them. */
export function listEntityTypes() {
  return {
    entityTypes: entityTypes.map((type) => {
      const { attributes, ...definition } = entityTypeDefinitions[type];
      const { $schema: _, ...schema } = z.toJSONSchema(attributes, { io: 'input' });
      return { type, ...definition, attributes: schema };
    }),
    edgeTypes: edgeTypeNames.map((type) => ({ type, ...edgeTypes[type] })),
  };
}
