import { acknowledgeIncident as decide } from '../../domain/notifications/decide-incident.ts';
import type { IncidentState } from '../../domain/notifications/incident.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { NotificationQueue } from '../../ports/notification-queue.ts';
import type { ChangeContext } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { enqueue, loadIncident, planIncidentChange } from './change-incident.ts';
import { loadTargets } from './change-targets.ts';

export type Acknowledgement = { readonly incidentId: string; readonly comment?: string | undefined };

/** Nobody is told again until it gets graver or recovers. Throws `NotFound`, and `IllegalTransition` when it has recovered. */
export async function acknowledgeIncident(
  { events, queue }: { readonly events: EventStore; readonly queue: NotificationQueue },
  { incidentId, comment }: Acknowledgement,
  context: Omit<ChangeContext, 'reason'>,
): Promise<IncidentState> {
  const { actor, now } = context;
  const changed = await withRetryOnConflict(async () => {
    const head = await loadIncident(events, incidentId);
    const [event] = decide(head.state, { by: actor.id, comment }, now);
    if (event === undefined) return { state: head.state, notification: undefined };
    const targets = (await loadTargets(events, head.state.team)).state;
    const reason = comment ?? 'acknowledged';
    const { state, commits, notification } = planIncidentChange(head, event, targets, { ...context, reason });
    await events.append(commits);
    return { state, notification };
  });
  if (changed.notification !== undefined) await enqueue(queue, changed.notification, now);
  return changed.state;
}
