import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unwrap } from '../../../sdk/client.ts';
import { useRunway } from './runway.tsx';
import type { QueueAction } from './types.ts';

/** What an operator does to a retrain of the queue; then the queue is asked for again. */
export function useQueueAction(retrainId: string) {
  const runway = useRunway();
  const queries = useQueryClient();
  const params = { path: { retrainId } };
  return useMutation({
    mutationFn: ({ action, reason, bump }: { action: QueueAction; reason: string; bump: number }) =>
      action === 'bump'
        ? unwrap(runway.POST('/v1/retrains/{retrainId}/bump', { params, body: { reason, bump } }))
        : unwrap(runway.POST(`/v1/retrains/{retrainId}/${action}`, { params, body: { reason } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['queue'] }),
  });
}
