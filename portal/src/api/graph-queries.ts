import { infiniteQueryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { everyItem, type RunwayClient, unwrap } from '../../../sdk/client.ts';
import { entityTypesOf } from '../format/entity-type.ts';
import type { EntityAnswer, Reached, SearchAnswer, WalkAnswer } from './graph-types.ts';
import { useRunway } from './runway.tsx';

const pageHits = 50;
const mostRelations = 1_000;
const refreshMilliseconds = 30_000;

export type SearchQuery = {
  readonly q?: string;
  readonly type?: string;
  readonly tag?: string;
  readonly owner?: string;
  readonly platform?: string;
  readonly tombstones?: 'included';
};
export type Direction = 'lineage' | 'impact';
/** The gateway decodes what stands in a path, and names have escapes of their own. */
const inQuery = { uri: '-' } as const;

/** What fits, best first, page by page, and how many there are of what. */
export function useSearch(query: SearchQuery) {
  const runway = useRunway();
  return useInfiniteQuery({
    queryKey: ['search', query],
    queryFn: ({ pageParam }): Promise<SearchAnswer> =>
      unwrap(
        runway.GET('/v1/search', {
          params: { query: { ...query, limit: pageHits, ...(pageParam !== undefined && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: refreshMilliseconds,
    // The hits of an earlier letter stay until those of this one are here.
    placeholderData: (previous) => previous,
  });
}

/** Titles and domains of all types; they change with a release only. */
export function useEntityTypes() {
  const runway = useRunway();
  const { data } = useQuery({
    queryKey: ['entity-types'],
    queryFn: () => unwrap(runway.GET('/v1/entity-types')),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return entityTypesOf(data?.entityTypes ?? []);
}

/** `asOf` undefined is the present. */
export function useEntity(uri: string, asOf: string | undefined) {
  const runway = useRunway();
  return useQuery({
    queryKey: ['entity', uri, asOf],
    queryFn: (): Promise<EntityAnswer> =>
      unwrap(
        runway.GET('/v1/entities/{uri}', {
          params: {
            path: inQuery,
            query: { uri, limit: mostRelations, include: 'ended', ...(asOf !== undefined && { asOf }) },
          },
        }),
      ),
    refetchInterval: refreshMilliseconds,
    placeholderData: (previous) => (previous?.entity.uri === uri ? previous : undefined),
  });
}

export type WalkQuery = {
  /** In edges. @default without a limit */
  readonly depth?: number;
  readonly limit: number;
  readonly asOf?: string | undefined;
  /** Separated by commas. @default all */
  readonly types?: string | undefined;
  /** With the dependencies among what is reached. @default false */
  readonly edges?: boolean;
};

function getWalk(
  runway: RunwayClient,
  uri: string,
  direction: Direction,
  of: WalkQuery & { readonly cursor?: string },
): Promise<WalkAnswer> {
  const { depth = 'all' as const, asOf, types, edges, limit, cursor } = of;
  const query = {
    uri,
    depth,
    limit,
    ...(asOf !== undefined && { asOf }),
    ...(types !== undefined && { types }),
    ...(edges === true && { include: 'edges' as const }),
    ...(cursor !== undefined && { cursor }),
  };
  return unwrap(runway.GET(`/v1/entities/{uri}/${direction}`, { params: { path: inQuery, query } }));
}

const walkOptions = (runway: RunwayClient, uri: string, direction: Direction, query: WalkQuery) =>
  infiniteQueryOptions({
    queryKey: ['walk', uri, direction, query],
    queryFn: ({ pageParam }) => getWalk(runway, uri, direction, { ...query, ...pageParam }),
    initialPageParam: {} as { readonly cursor?: string },
    getNextPageParam: ({ cursor }) => (cursor === undefined ? undefined : { cursor }),
    refetchInterval: refreshMilliseconds,
    // While one drags through time, what was shown of the last moment stays.
    placeholderData: (previous) => (previous?.pages[0]?.root === uri ? previous : undefined),
  });

/** What it depends on (lineage) or what depends on it (impact), nearest first. */
export function useWalk(uri: string, direction: Direction, query: WalkQuery) {
  return useInfiniteQuery(walkOptions(useRunway(), uri, direction, query));
}

/** All of a walk, page after page; `onProgress` hears how many there are so far. */
export async function readWholeWalk(
  runway: RunwayClient,
  { uri, direction, ...query }: Omit<WalkQuery, 'limit'> & { readonly uri: string; readonly direction: Direction },
  onProgress: (items: number) => void,
): Promise<readonly Reached[]> {
  const items: Reached[] = [];
  const page = (cursor: string | undefined) => {
    onProgress(items.length);
    return getWalk(runway, uri, direction, { ...query, limit: 1_000, ...(cursor !== undefined && { cursor }) });
  };
  for await (const item of everyItem(page)) items.push(item);
  return items;
}
