import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { type RunwayClient, unwrap } from '../../../sdk/client.ts';
import type { operations } from '../../../sdk/openapi-types.ts';
import { useRunway } from './runway.tsx';
import type { BacktestRequest, Rollout } from './types.ts';

/** How often what is on the screen is asked for again. */
const refreshMilliseconds = 30_000;
const pageRows = 100;

/** What is asked of the fleet; what a filter means is the API's business. */
export type FleetQuery = Omit<NonNullable<operations['listFleet']['parameters']['query']>, 'limit' | 'cursor'>;

function getFleet(runway: RunwayClient, query: FleetQuery, cursor: string | undefined) {
  const page = { limit: pageRows, ...(cursor !== undefined && { cursor }) };
  return unwrap(runway.GET('/v1/fleet', { params: { query: { ...query, ...page } } }));
}

const fleetOptions = (runway: RunwayClient, query: FleetQuery) =>
  infiniteQueryOptions({
    queryKey: ['fleet', query],
    queryFn: ({ pageParam }) => getFleet(runway, query, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: refreshMilliseconds,
    // The rows of the last filter stay until those of the new one are here.
    placeholderData: (previous) => previous,
  });

export function useFleet(query: FleetQuery) {
  return useInfiniteQuery(fleetOptions(useRunway(), query));
}

/** What is wrong in the whole fleet, whatever is filtered: counts, and the worst first. Its `asOf` is Runway's now. */
export function useAttention() {
  const runway = useRunway();
  return useQuery({
    queryKey: ['attention'],
    queryFn: () => unwrap(runway.GET('/v1/fleet', { params: { query: { sort: 'attention', limit: 20 } } })),
    refetchInterval: refreshMilliseconds,
  });
}

/** Runway's own now, ISO-8601, which is not this machine's while days are replayed. */
export function useNow(): string | undefined {
  return useAttention().data?.asOf;
}

const ofModel = (modelId: string) => ({ params: { path: { modelId } } });

type PerformanceQuery = {
  readonly days: number;
  readonly now: string | undefined;
  /** @default all rows */
  readonly segment?: string | undefined;
  /** @default the primary one */
  readonly outcomeType?: string | undefined;
};

export const modelOptions = {
  model: (runway: RunwayClient, modelId: string) =>
    queryOptions({
      queryKey: ['model', modelId],
      queryFn: () => unwrap(runway.GET('/v1/models/{modelId}', ofModel(modelId))),
      refetchInterval: refreshMilliseconds,
    }),
  health: (runway: RunwayClient, modelId: string) =>
    queryOptions({
      queryKey: ['health', modelId],
      queryFn: () => unwrap(runway.GET('/v1/models/{modelId}/health', ofModel(modelId))),
      refetchInterval: refreshMilliseconds,
    }),
  timeline: (runway: RunwayClient, modelId: string, days: number, now: string | undefined) =>
    queryOptions({
      queryKey: ['timeline', modelId, days],
      enabled: days === 30 || now !== undefined,
      queryFn: () =>
        unwrap(
          runway.GET('/v1/models/{modelId}/timeline', {
            params: { path: { modelId }, query: { ...lastDays(now, days), points: 400 } },
          }),
        ),
      refetchInterval: refreshMilliseconds,
    }),
  drift: (runway: RunwayClient, modelId: string, segment: string | undefined) =>
    queryOptions({
      queryKey: ['drift', modelId, segment],
      queryFn: () =>
        unwrap(
          runway.GET('/v1/models/{modelId}/drift', {
            params: { path: { modelId }, query: segment === undefined ? {} : { segment } },
          }),
        ),
    }),
  performance: (runway: RunwayClient, modelId: string, of: PerformanceQuery) =>
    queryOptions({
      queryKey: ['performance', modelId, of.days, of.segment, of.outcomeType],
      enabled: of.days === 30 || of.now !== undefined,
      queryFn: () =>
        unwrap(
          runway.GET('/v1/models/{modelId}/performance-series', {
            params: {
              path: { modelId },
              query: {
                ...lastDays(of.now, of.days),
                ...(of.segment !== undefined && { segment: of.segment }),
                ...(of.outcomeType !== undefined && { outcomeType: of.outcomeType }),
              },
            },
          }),
        ),
      refetchInterval: refreshMilliseconds,
    }),
  versions: (runway: RunwayClient, modelId: string) =>
    queryOptions({
      queryKey: ['versions', modelId],
      queryFn: () =>
        unwrap(
          runway.GET('/v1/models/{modelId}/versions', { params: { path: { modelId }, query: { limit: pageRows } } }),
        ),
    }),
  retrains: (runway: RunwayClient, modelId: string) =>
    queryOptions({
      queryKey: ['retrains', modelId],
      queryFn: () =>
        unwrap(
          runway.GET('/v1/models/{modelId}/retrains', { params: { path: { modelId }, query: { limit: pageRows } } }),
        ),
      refetchInterval: refreshMilliseconds,
    }),
  decisions: (runway: RunwayClient, modelId: string) =>
    queryOptions({
      queryKey: ['decisions', modelId],
      queryFn: () =>
        unwrap(runway.GET('/v1/models/{modelId}/decisions', { params: { path: { modelId }, query: { limit: 20 } } })),
      refetchInterval: refreshMilliseconds,
    }),
  rollouts: (runway: RunwayClient, modelId: string) =>
    queryOptions({
      queryKey: ['rollouts', modelId],
      // The client's types forget that an interval has two ends.
      queryFn: async () =>
        (await unwrap(
          runway.GET('/v1/models/{modelId}/rollouts', { params: { path: { modelId }, query: { limit: pageRows } } }),
        )) as { readonly items: readonly Rollout[] },
      refetchInterval: refreshMilliseconds,
    }),
  embeddingStability: (runway: RunwayClient, modelId: string, version: number) =>
    queryOptions({
      queryKey: ['embedding-stability', modelId, version],
      queryFn: () =>
        unwrap(
          runway.GET('/v1/models/{modelId}/versions/{version}/embedding-stability', {
            params: { path: { modelId, version } },
          }),
        ),
    }),
} as const;

/** Tries a policy on what was recorded; it changes nothing. */
export function useBacktest(modelId: string) {
  const runway = useRunway();
  return useMutation({
    mutationFn: (body: BacktestRequest) =>
      unwrap(runway.POST('/v1/models/{modelId}/backtests', { ...ofModel(modelId), body })),
  });
}

/** What happened to a model, oldest first, page by page. */
export function useHistory(modelId: string) {
  const runway = useRunway();
  return useInfiniteQuery({
    queryKey: ['history', modelId],
    queryFn: ({ pageParam }) =>
      unwrap(
        runway.GET('/v1/models/{modelId}/history', {
          params: {
            path: { modelId },
            query: { limit: pageRows, ...(pageParam !== undefined && { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
  });
}

/** Retrains that run or wait, in the order in which they will be taken. */
export function useRetrainQueue(status: 'queued' | 'running') {
  const runway = useRunway();
  return useInfiniteQuery({
    queryKey: ['queue', status],
    queryFn: ({ pageParam }) =>
      unwrap(
        runway.GET('/v1/retraining-queue', {
          params: { query: { status, limit: pageRows, ...(pageParam !== undefined && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: refreshMilliseconds,
  });
}

/** Registered writers by name, which begins with their team. */
export function useWriters() {
  const runway = useRunway();
  return useInfiniteQuery({
    queryKey: ['writers'],
    queryFn: ({ pageParam }) =>
      unwrap(
        runway.GET('/v1/writers', {
          params: { query: { limit: pageRows, ...(pageParam !== undefined && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: refreshMilliseconds,
  });
}

/** The API's own default is thirty days back from its now, which need not be known for that. */
export function lastDays(now: string | undefined, days: number): { readonly from?: string } {
  if (days === 30 || now === undefined) return {};
  return { from: new Date(Date.parse(now) - days * 86_400_000).toISOString() };
}
