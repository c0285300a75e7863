import type { InterfaceRef } from '@pothos/core';
import { parseEntityRef } from '../domain/graph/entity-ref.ts';
import type { EntityNode } from '../use-cases/graph/read-entities.ts';
import { textOf } from './attribute-fields.ts';
import type { Builder, BuilderTypes } from './builder.ts';
import type { Enums } from './enums.ts';
import { typeName } from './type-names.ts';

export type EntityInterface = InterfaceRef<BuilderTypes, EntityNode>;

/** What every entity has, of whatever type. */
export function createEntityInterface(builder: Builder, enums: Enums): EntityInterface {
  const attribute = builder.objectRef<{ readonly name: string; readonly value: string }>('Attribute').implement({
    fields: (t) => ({
      name: t.string({ nullable: false, resolve: ({ name }) => name }),
      value: t.string({ nullable: false, resolve: ({ value }) => value }),
    }),
  });
  const source = builder.objectRef<EntityNode['record']['sources'][number]>('Source').implement({
    description: 'A provider that describes the entity.',
    fields: (t) => ({
      provider: t.string({ nullable: false, resolve: ({ provider }) => provider }),
      hydratedAt: t.field({ type: 'DateTime', resolve: ({ hydratedAt }) => hydratedAt }),
      removedAt: t.field({ type: 'DateTime', resolve: ({ removedAt }) => removedAt }),
    }),
  });
  return builder.interfaceRef<EntityNode>('Entity').implement({
    description: 'Names, descriptions, tags and attributes are the present ones; relations are those of `asOf`.',
    interfaces: [builder.nodeInterfaceRef()],
    resolveType: ({ type }) => typeName(type),
    fields: (t) => ({
      id: t.id({ nullable: false, description: 'The URI.', resolve: ({ uri }) => uri }),
      uri: t.string({ nullable: false, description: 'aip://<type>/<platform>/<id>', resolve: ({ uri }) => uri }),
      type: t.field({ type: enums.entityType, nullable: false, resolve: ({ type }) => type }),
      platform: t.string({ nullable: false, resolve: ({ uri }) => parseEntityRef(uri).platform }),
      name: t.string({ nullable: false, resolve: ({ record }) => record.name }),
      description: t.string({ resolve: ({ record }) => record.description ?? attributeText(record, 'description') }),
      tags: t.stringList({
        nullable: false,
        description: 'key::value',
        resolve: ({ record }) => [...record.tags],
      }),
      attributes: t.field({
        type: [attribute],
        nullable: false,
        description: 'All of them as text, those that the type does not know included.',
        resolve: ({ record }) =>
          Object.entries(record.attributes).map(([name, value]) => ({ name, value: textOf(value) })),
      }),
      state: t.field({ type: enums.state, nullable: false, resolve: ({ record }) => record.state }),
      hydratedAt: t.field({
        type: 'DateTime',
        description: 'When a provider last gave its full state.',
        resolve: ({ record }) => record.hydratedAt,
      }),
      enrichedAt: t.field({
        type: 'DateTime',
        description: 'When inference last looked at it.',
        resolve: ({ record }) => record.enrichedAt,
      }),
      removedAt: t.field({
        type: 'DateTime',
        description: 'When its providers no longer had it.',
        resolve: ({ record }) => record.removedAt,
      }),
      sources: t.field({ type: [source], nullable: false, resolve: ({ record }) => record.sources }),
      asOf: t.field({
        type: 'DateTime',
        nullable: false,
        description: 'The moment whose relations are shown.',
        resolve: ({ asOf }, _args, { now }) => asOf ?? now,
      }),
    }),
  });
}

function attributeText({ attributes }: EntityNode['record'], name: string): string | undefined {
  const value = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
