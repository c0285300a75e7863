import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { unwrap } from '../../../sdk/client.ts';
import { useRunway } from './runway.tsx';

const refreshMilliseconds = 30_000;
const keyOf = (cascadeId: string) => ['cascade', cascadeId] as const;

export type CascadesQuery = { readonly status: 'open' | 'ended' } | { readonly modelId: string };

/** What follows promotions, the latest first: of a status, or of one model whatever the status. */
export function useCascades(query: CascadesQuery) {
  const runway = useRunway();
  return useInfiniteQuery({
    queryKey: ['cascades', query],
    queryFn: ({ pageParam }) =>
      unwrap(
        runway.GET('/v1/cascades', {
          params: { query: { ...query, ...(pageParam !== undefined && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: refreshMilliseconds,
  });
}

/** What follows one promotion: the plan, and what became of each member. */
export function useCascade(cascadeId: string) {
  const runway = useRunway();
  return useQuery({
    queryKey: keyOf(cascadeId),
    queryFn: () => unwrap(runway.GET('/v1/cascades/{cascadeId}', { params: { path: { cascadeId } } })),
    refetchInterval: refreshMilliseconds,
  });
}

/** Stops what has not started; the page shows what came of it. */
export function useVeto(cascadeId: string) {
  const runway = useRunway();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(runway.POST('/v1/cascades/{cascadeId}/veto', { params: { path: { cascadeId } }, body: { reason } })),
    onSuccess: (cascade) => {
      queries.setQueryData(keyOf(cascadeId), cascade);
      return queries.invalidateQueries({ queryKey: ['cascades'] });
    },
  });
}
