import type { ObjectRef } from '@pothos/core';
import { RunwayError } from '../domain/errors.ts';
import { parseEntityRef } from '../domain/graph/entity-ref.ts';
import type { EntityType, EntityTypeDefinition } from '../domain/graph/entity-types.ts';
import type { Instant } from '../domain/time.ts';
import type { EntityNode, EntityReader } from '../use-cases/graph/read-entities.ts';
import { attributesOf } from './attribute-fields.ts';
import type { Builder, BuilderTypes } from './builder.ts';
import type { EntityInterface } from './entity-interface.ts';
import { fieldName } from './type-names.ts';

type EntityRef = ObjectRef<BuilderTypes, EntityNode>;

/** The object type of a type of entity with its attributes, and the root field that finds one. */
export function addEntityType(
  builder: Builder,
  type: EntityType,
  { title, domain, ...definition }: EntityTypeDefinition,
  { ref, entity }: { readonly ref: EntityRef; readonly entity: EntityInterface },
): void {
  builder.objectType(ref, {
    description: `${title} (${domain}).`,
    interfaces: [builder.nodeInterfaceRef(), entity],
    fields: (t) =>
      Object.fromEntries(
        attributesOf({ title, domain, ...definition }).map(({ name, scalar, read }) => [
          name,
          t.field({ type: scalar, resolve: read }),
        ]),
      ),
  });
  builder.queryField(fieldName(type), (t) =>
    t.field({
      type: ref,
      description: `${title} by URI; null when nobody mentions it.`,
      args: { id: t.arg.id({ required: true }), asOf: t.arg({ type: 'DateTime' }) },
      resolve: (_root, { id, asOf }, { reader }) => findOfType(reader, type, id, asOf ?? undefined),
    }),
  );
}

/** `entity(uri)`, of whatever type. */
export function addEntityField(builder: Builder, entity: EntityInterface): void {
  builder.queryField('entity', (t) =>
    t.field({
      type: entity,
      description: 'Any entity by URI, or by another name of it; null when nobody mentions it.',
      args: { uri: t.arg.id({ required: true }), asOf: t.arg({ type: 'DateTime' }) },
      resolve: (_root, { uri, asOf }, { reader }) => find(reader, uri, asOf ?? undefined),
    }),
  );
}

function findOfType(reader: EntityReader, type: EntityType, uri: string, asOf: Instant | undefined) {
  const { type: given } = parseEntityRef(uri);
  if (given === type) return reader.find(uri, asOf);
  throw new RunwayError('InvalidRequest', 'wrong-entity-type', `${uri} is a ${given}, expected a ${type}`);
}

function find(reader: EntityReader, uri: string, asOf: Instant | undefined) {
  return parseEntityRef(uri) && reader.find(uri, asOf);
}
