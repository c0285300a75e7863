import { RunwayError } from '../domain/errors.ts';
import type { EntityType } from '../domain/graph/entity-types.ts';
import type { Highlight } from '../domain/graph/search/highlight.ts';
import { type Facet, type Facets, facetNames } from '../domain/graph/search/search-facets.ts';
import { maximumQueryLength } from '../domain/graph/search/search-query.ts';
import type { EntityNode } from '../use-cases/graph/read-entities.ts';
import type { SearchHit, SearchPage } from '../use-cases/graph/search-entities.ts';
import type { Builder, GraphContext } from './builder.ts';
import { connectionType } from './connection-types.ts';
import type { EntityInterface } from './entity-interface.ts';
import type { Enums } from './enums.ts';
import { checkSize, type Page } from './pages.ts';
import { queryLimits } from './query-limits.ts';

type Found = { readonly hit: SearchHit; readonly node: EntityNode };
type FoundPage = Page<Found> & { readonly facets: Facets };

/** It reads an index that is no part of the graph, and counts over all of it. */
const searchCost = 500;

/** `search`, the one box over every type. */
export function addSearchField(builder: Builder, entity: EntityInterface, enums: Enums): void {
  const found = searchConnection(builder, entity);
  builder.queryField('search', (t) =>
    t.field({
      type: found,
      nullable: false,
      description:
        'Entities by words, beginnings of words, a name or a URI; exact names first, typing errors forgiven.',
      extensions: { ownCost: searchCost },
      args: {
        q: t.arg.string({
          required: true,
          description: `${maximumQueryLength} characters at most; empty lists by name.`,
        }),
        type: t.arg({ type: [enums.entityType], description: 'Any of these.' }),
        tag: t.arg.stringList({ description: 'All of these, key::value.' }),
        owner: t.arg.stringList({ description: 'Any of these people and teams, by URI or name.' }),
        first: t.arg.int(),
        after: t.arg.string(),
      },
      resolve: (_root, args, context) => searchPage(args, context),
    }),
  );
}

function searchConnection(builder: Builder, entity: EntityInterface) {
  const highlight = builder.objectRef<Highlight>('Highlight').implement({
    fields: (t) => ({
      field: t.string({ nullable: false, resolve: ({ field }) => field }),
      text: t.string({ nullable: false, resolve: ({ text }) => text }),
      ranges: t.field({
        type: t.listRef(t.listRef('Int')),
        nullable: false,
        description: 'Begin and end of what was found, in UTF-16 code units of the text.',
        resolve: ({ ranges }) => ranges,
      }),
    }),
  });
  const facet = builder.objectRef<Facet>('Facet').implement({
    fields: (t) => ({
      value: t.string({ nullable: false, resolve: ({ value }) => value }),
      label: t.string({ description: 'Where the value is a URI, its name.', resolve: ({ label }) => label }),
      count: t.int({ nullable: false, description: 'Of all pages.', resolve: ({ count }) => count }),
    }),
  });
  // Their lists are the same for a page of any size, by which all in a connection is counted.
  const counted = { nullable: false, extensions: { listLength: 1 } } as const;
  const facets = builder.objectRef<Facets>('Facets').implement({
    description: 'The most frequent values of everything that is found.',
    fields: (t) =>
      Object.fromEntries(
        facetNames.map((name) => [name, t.field({ ...counted, type: [facet], resolve: (all) => all[name] })]),
      ),
  });
  return connectionType<Found, FoundPage>(builder, {
    name: 'Search',
    node: entity,
    nodeOf: ({ node }) => node,
    ofEdge: (t) => ({
      score: t.float({
        nullable: false,
        description: '0..1, more for an exact name; 0 when nothing was asked for.',
        resolve: ({ item }) => item.hit.score,
      }),
      highlights: t.field({
        type: [highlight],
        nullable: false,
        description: 'What was found, except in names of related entities.',
        extensions: { listLength: 1 },
        // Which of them may be seen is not known here.
        resolve: ({ item }) => item.hit.highlights.filter(({ field }) => field !== 'related'),
      }),
    }),
    ofPage: (t) => ({ facets: t.field({ type: facets, nullable: false, resolve: (page) => page.facets }) }),
  });
}

type SearchArguments = {
  readonly q: string;
  readonly type?: readonly EntityType[] | null | undefined;
  readonly tag?: readonly string[] | null | undefined;
  readonly owner?: readonly string[] | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
};

/** Throws `InvalidRequest` (codes `invalid-cursor`, `page-too-large`, `search-too-long`). */
async function searchPage(args: SearchArguments, { reader, search }: GraphContext): Promise<FoundPage> {
  const { q: text, first, after } = args;
  const limit = first ?? queryLimits.defaultPageSize;
  checkSize('first', limit);
  if (text.length > maximumQueryLength) {
    const message = `q has ${text.length} characters, expected ${maximumQueryLength} at most`;
    throw new RunwayError('InvalidRequest', 'search-too-long', message);
  }
  const filters = { types: args.type ?? undefined, tags: args.tag ?? undefined, owners: args.owner ?? undefined };
  const page = await search({ text, limit, ...filters, ...(after && { cursor: after }) });
  const edges = page.hits.flatMap((hit) => {
    // Gone by the time the graph was read, or another name of what is found by its own.
    const node = reader.find(hit.document.uri, undefined);
    return node === undefined ? [] : [{ cursor: hit.cursor, item: { hit, node } }];
  });
  return { edges, pageInfo: pageInfoOf(page, after), totalCount: page.total, facets: page.facets };
}

function pageInfoOf({ hits, cursor }: SearchPage, after: string | null | undefined): FoundPage['pageInfo'] {
  return {
    hasNextPage: cursor !== undefined,
    hasPreviousPage: Boolean(after),
    startCursor: hits[0]?.cursor ?? null,
    endCursor: hits.at(-1)?.cursor ?? null,
  };
}
