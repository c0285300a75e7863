import type { PlacedRetrain, QueueAction } from '../../api/types.ts';
import { hasRole } from '../../auth/roles.ts';

/** What can be done to a retrain now, by who has these groups. Who goes ahead of other teams is for approvers. */
export function offersOf(
  { status, team, hold }: Pick<PlacedRetrain, 'status' | 'team' | 'hold'>,
  groups: readonly string[],
): readonly QueueAction[] {
  if (!hasRole(groups, team, 'editor', 'approver')) return [];
  if (status === 'running') return ['cancellation'];
  if (status !== 'queued') return [];
  const bump: readonly QueueAction[] = hasRole(groups, team, 'approver') ? ['bump'] : [];
  return [hold === undefined ? 'hold' : 'release', ...bump, 'cancellation'];
}

export const offers: Readonly<Record<QueueAction, { readonly verb: string; readonly means: string }>> = {
  hold: { verb: 'Hold', means: 'It keeps its position and does not start until it is released.' },
  release: { verb: 'Release', means: 'It starts in its turn.' },
  bump: {
    verb: 'Bump',
    means: 'It counts as so many tiers more urgent, at the cost of what other teams wait for. 0 takes that back.',
  },
  cancellation: {
    verb: 'Cancel the retrain',
    means: 'It ends for good; its slot and its model are free at once. A run that trains is stopped.',
  },
};
