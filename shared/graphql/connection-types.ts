import type { FieldMap, InterfaceRef, ObjectRef } from '@pothos/core';
import type { EntityNode } from '../use-cases/graph/read-entities.ts';
import type { Builder, BuilderTypes } from './builder.ts';
import type { Page } from './pages.ts';

type Edge<T> = Page<T>['edges'][number];
type FieldsOf<T> = PothosSchemaTypes.ObjectFieldBuilder<BuilderTypes, T>;

/** Of something that is an entity, or one type of them. */
export type EntityTypeRef = ObjectRef<BuilderTypes, EntityNode> | InterfaceRef<BuilderTypes, EntityNode>;

type ConnectionOptions<T, P> = {
  /** `Feature` makes `FeatureConnection` and `FeatureEdge`. */
  readonly name: string;
  readonly node: EntityTypeRef;
  readonly nodeOf: (item: T) => EntityNode;
  /** Further fields of an edge, and of the connection. */
  readonly ofEdge?: (t: FieldsOf<Edge<T>>) => FieldMap;
  readonly ofPage?: (t: FieldsOf<P>) => FieldMap;
};

/** The types of a Relay connection, https://relay.dev/graphql/connections.htm. */
export function connectionType<T, P extends Page<T> = Page<T>>(
  builder: Builder,
  { name, node, nodeOf, ofEdge, ofPage }: ConnectionOptions<T, P>,
) {
  const edge = builder.objectRef<Edge<T>>(`${name}Edge`).implement({
    fields: (t) => ({
      cursor: t.string({ nullable: false, resolve: ({ cursor }) => cursor }),
      node: t.field({ type: node, nullable: false, resolve: ({ item }) => nodeOf(item) }),
      ...ofEdge?.(t),
    }),
  });
  return builder.objectRef<P>(`${name}Connection`).implement({
    fields: (t) => ({
      // How many there may be is said where the page is asked for.
      edges: t.field({ type: [edge], nullable: false, extensions: { listLength: 1 }, resolve: (page) => page.edges }),
      pageInfo: t.field({ type: builder.pageInfoRef(), nullable: false, resolve: (page) => page.pageInfo }),
      totalCount: t.int({
        nullable: false,
        description: 'All pages together.',
        resolve: (page) => page.totalCount,
      }),
      ...ofPage?.(t),
    }),
  });
}

/** One connection type for each type of node, made when the first field asks for it. */
export function createEntityConnections(builder: Builder) {
  const types = new Map<string, ObjectRef<BuilderTypes, Page<EntityNode>>>();
  return (name: string, node: EntityTypeRef) => {
    const known = types.get(name) ?? connectionType(builder, { name, node, nodeOf: (item: EntityNode) => item });
    types.set(name, known);
    return known;
  };
}
