import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { unwrap } from '../../../sdk/client.ts';
import { useRunway } from './runway.tsx';
import type { Rollout } from './types.ts';

const refreshMilliseconds = 30_000;
const pageRows = 50;
const keyOf = (rolloutId: string) => ['rollout', rolloutId] as const;

/** One rollout with every look at it. */
export function useRollout(rolloutId: string) {
  const runway = useRunway();
  return useQuery({
    queryKey: keyOf(rolloutId),
    // The client's types forget that an interval has two ends.
    queryFn: async () =>
      (await unwrap(runway.GET('/v1/rollouts/{rolloutId}', { params: { path: { rolloutId } } }))) as Rollout,
    refetchInterval: refreshMilliseconds,
  });
}

export type RolloutAction = 'pause' | 'resumption' | 'promotion' | 'abort';

/** What an operator does to it; the page shows what came of it. */
export function useRolloutAction(rolloutId: string) {
  const runway = useRunway();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ action, reason }: { readonly action: RolloutAction; readonly reason: string }) =>
      (await unwrap(
        runway.POST(`/v1/rollouts/{rolloutId}/${action}`, { params: { path: { rolloutId } }, body: { reason } }),
      )) as Rollout,
    onSuccess: (rollout) => queries.setQueryData(keyOf(rolloutId), rollout),
  });
}

/** What waits for the decision of whoever is signed in. */
export function useApprovals() {
  const runway = useRunway();
  return useInfiniteQuery({
    queryKey: ['approvals'],
    queryFn: ({ pageParam }) =>
      unwrap(
        runway.GET('/v1/approvals', {
          params: { query: { limit: pageRows, ...(pageParam !== undefined && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    refetchInterval: refreshMilliseconds,
  });
}

/** A yes or no, or somebody else to say it; then the inbox is asked for again. */
export function useApprovalAnswer(approvalId: string) {
  const runway = useRunway();
  const queries = useQueryClient();
  const params = { path: { approvalId } };
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['approvals'] });
  const decide = useMutation({
    mutationFn: (body: { readonly decision: 'approve' | 'reject'; readonly comment?: string }) =>
      unwrap(runway.POST('/v1/approvals/{approvalId}/decision', { params, body })),
    onSuccess,
  });
  const delegate = useMutation({
    mutationFn: (body: { readonly to: string; readonly comment?: string }) =>
      unwrap(runway.POST('/v1/approvals/{approvalId}/delegation', { params, body })),
    onSuccess,
  });
  return { decide, delegate };
}
