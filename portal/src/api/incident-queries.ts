import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { unwrap } from '../../../sdk/client.ts';
import { useRunway } from './runway.tsx';

const refreshMilliseconds = 30_000;
const pageRows = 50;

/** A team's incidents; `open` ones may be acknowledged. */
export function useIncidents(team: string, status: 'open' | 'recovered') {
  const runway = useRunway();
  return useInfiniteQuery({
    queryKey: ['incidents', team, status],
    queryFn: ({ pageParam }) =>
      unwrap(
        runway.GET('/v1/teams/{team}/incidents', {
          params: {
            path: { team },
            query: { status, limit: pageRows, ...(pageParam !== undefined && { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: refreshMilliseconds,
  });
}

/** Takes an incident on; then the team's incidents are asked for again. */
export function useAcknowledgement(team: string, incidentId: string) {
  const runway = useRunway();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (comment: string) =>
      unwrap(
        runway.POST('/v1/incidents/{incidentId}/acknowledgement', {
          params: { path: { incidentId } },
          body: comment === '' ? {} : { comment },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['incidents', team] }),
  });
}

/** What a team was told, newest first, with every attempt. */
export function useNotifications(team: string) {
  const runway = useRunway();
  return useInfiniteQuery({
    queryKey: ['notifications', team],
    queryFn: ({ pageParam }) =>
      unwrap(
        runway.GET('/v1/teams/{team}/notifications', {
          params: { path: { team }, query: { limit: 20, ...(pageParam !== undefined && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: refreshMilliseconds,
  });
}

/** Sends a notification to one of its targets again. */
export function useReplay(team: string, notificationId: string) {
  const runway = useRunway();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (target: string) =>
      unwrap(
        runway.POST('/v1/teams/{team}/notifications/{notificationId}/replay', {
          params: { path: { team, notificationId } },
          body: { target },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['notifications', team] }),
  });
}
