import type { GraphQLSchema } from 'graphql';
import { type EntityType, type EntityTypeDefinition, entityTypeDefinitions } from '../domain/graph/entity-types.ts';
import type { EntityNode } from '../use-cases/graph/read-entities.ts';
import { createBuilder } from './builder.ts';
import { createEntityInterface } from './entity-interface.ts';
import { addEntityField, addEntityType } from './entity-objects.ts';
import { createEnums } from './enums.ts';
import { addRelationFields } from './relation-fields.ts';
import { addRelations } from './relation-types.ts';
import { addSearchField } from './search-field.ts';
import { typeName } from './type-names.ts';

/**
 * The schema that the registered types make: for each of them an object type and a root field, so that a new type needs
 * nothing here.
 */
export function createGraphSchema(
  definitions: Readonly<Record<string, EntityTypeDefinition>> = entityTypeDefinitions,
): GraphQLSchema {
  const builder = createBuilder();
  // What a table of types is keyed by are types.
  const types = Object.keys(definitions) as EntityType[];
  const refs = new Map(types.map((type) => [type as string, builder.objectRef<EntityNode>(typeName(type))]));
  const enums = createEnums(builder, types);
  const entity = createEntityInterface(builder, enums);
  addEntityField(builder, entity);
  for (const type of types) {
    const [ref, definition] = [refs.get(type), definitions[type]];
    if (ref !== undefined && definition !== undefined) addEntityType(builder, type, definition, { ref, entity });
  }
  addSearchField(builder, entity, enums);
  addRelationFields(builder, entity, refs);
  addRelations(builder, entity, enums);
  return builder.toSchema();
}
