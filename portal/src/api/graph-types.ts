import type { Schemas } from '../../../sdk/client.ts';

/** What pages take is as lenient as it can be: a type that this build does not know still has its page. */
type Walk = Schemas['EntityDependencies'];
type Named<T extends { readonly type: string }> = Readonly<Omit<T, 'type'>> & { readonly type: string };

export type EntityRecord = Named<Schemas['EntityRecord']>;
export type RecordState = EntityRecord['state'];
export type Relation = Readonly<Omit<Schemas['Relation'], 'type' | 'entityType'>> & {
  readonly type: string;
  readonly entityType: string;
};
export type EntityAnswer = Readonly<Omit<Schemas['Entity'], 'entity' | 'relations'>> & {
  readonly entity: EntityRecord;
  readonly relations: readonly Relation[];
};
export type Reached = Named<Omit<Walk['items'][number], 'path'>> & { readonly path: readonly string[] };
/** `from` depends on `to`. */
export type DependencyEdge = Named<NonNullable<Walk['edges']>[number]>;
export type WalkAnswer = Readonly<Omit<Walk, 'items' | 'edges'>> & {
  readonly items: readonly Reached[];
  readonly edges?: readonly DependencyEdge[];
};
export type EntityTypeRow = Named<
  Pick<Schemas['EntityTypes']['entityTypes'][number], 'type' | 'title' | 'plural' | 'domain'>
>;
type Found = Schemas['SearchPage'];
type FoundItem = Found['items'][number];
type Highlight = Readonly<Omit<FoundItem['highlights'][number], 'ranges'>> & {
  /** Begin and end in UTF-16 code units; the client's types forget that a range has two ends. */
  readonly ranges: readonly (readonly number[])[];
};
export type SearchHit = Named<Omit<FoundItem, 'highlights'>> & { readonly highlights: readonly Highlight[] };
export type FacetCount = Readonly<Found['facets']['type'][number]>;
export type SearchAnswer = Readonly<Omit<Found, 'items'>> & { readonly items: readonly SearchHit[] };
