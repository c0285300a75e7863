import type { ObjectRef } from '@pothos/core';
import {
  commonRelationFields,
  pathsInWords,
  type RelationField,
  relationFields,
} from '../domain/graph/relation-paths.ts';
import { byUri, type EntityNode } from '../use-cases/graph/read-entities.ts';
import type { Builder, BuilderTypes } from './builder.ts';
import { createEntityConnections, type EntityTypeRef } from './connection-types.ts';
import type { EntityInterface } from './entity-interface.ts';
import { pageOf } from './pages.ts';
import { typeName } from './type-names.ts';

type EntityRefs = ReadonlyMap<string, ObjectRef<BuilderTypes, EntityNode>>;

/** Gives every entity its owners, and the types what `relationFields` says of them. */
export function addRelationFields(builder: Builder, entity: EntityInterface, refs: EntityRefs): void {
  const connectionOf = createEntityConnections(builder);
  const target = ({ type }: RelationField): EntityTypeRef => (type && refs.get(type)) ?? entity;
  const pages = (field: RelationField) =>
    connectionOf(field.type === undefined ? 'Entity' : typeName(field.type), target(field));

  for (const [name, field] of Object.entries(commonRelationFields))
    builder.interfaceField(entity, name, (t) => t.field({ type: [target(field)], ...listOf(field) }));
  for (const [type, fields] of Object.entries(relationFields)) {
    const ref = refs.get(type);
    if (ref === undefined) continue;
    for (const [name, field] of Object.entries(fields)) {
      builder.objectField(ref, name, (t) => {
        if (field.gives === 'one') return t.field({ type: target(field), ...newestOf(field) });
        if (field.gives === 'list') return t.field({ type: [target(field)], ...listOf(field) });
        return t.field({
          type: pages(field),
          nullable: false,
          description: described(field),
          args: t.arg.connectionArgs(),
          resolve: (node, args, { reader }) => pageOf(reader.related(node, field.groups), byUriKey, args),
        });
      });
    }
  }
}

const byUriKey = { keyOf: ({ uri }: EntityNode) => uri, compare: byUri };

type Resolve<R> = (node: EntityNode, args: unknown, context: BuilderTypes['Context']) => R;

function listOf(field: RelationField) {
  const resolve: Resolve<readonly EntityNode[]> = (node, _args, { reader }) => reader.related(node, field.groups);
  return { nullable: false, description: described(field), resolve } as const;
}

function newestOf(field: RelationField) {
  const resolve: Resolve<EntityNode | undefined> = (node, _args, { reader }) =>
    reader.related(node, field.groups).at(-1);
  return { description: described(field), resolve };
}

function described({ summary, groups }: RelationField): string {
  return `${summary}. Reads ${pathsInWords(groups)}.`;
}
