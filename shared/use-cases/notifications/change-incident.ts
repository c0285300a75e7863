import { notFound } from '../../domain/errors.ts';
import { evolveNotification } from '../../domain/notifications/decide-delivery.ts';
import { changeToTell, evolveIncident } from '../../domain/notifications/decide-incident.ts';
import { type IncidentEvent, type IncidentState, incidentLists } from '../../domain/notifications/incident.ts';
import {
  type NotificationEvent,
  type NotificationState,
  notificationLists,
} from '../../domain/notifications/notification.ts';
import type { TargetsState } from '../../domain/notifications/notification-targets.ts';
import { planNotification } from '../../domain/notifications/plan-notification.ts';
import { incidentStream, notificationStream } from '../../domain/stream-ids.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';
import type { NotificationQueue } from '../../ports/notification-queue.ts';
import type { ChangeContext } from '../registry/change-model.ts';

/** Throws `NotFound` (code `unknown-incident`). */
export async function loadIncident(events: EventStore, incidentId: string): Promise<Head<IncidentState>> {
  const head = await events.head<IncidentState>(incidentStream(incidentId));
  if (head === undefined) throw notFound('incident', incidentId);
  return head;
}

export type IncidentChange = {
  readonly state: IncidentState;
  readonly commits: readonly NewCommit[];
  readonly notification?: NotificationState;
};

/** One event of an incident, with the notification that tells of it: two streams that move together. */
export function planIncidentChange(
  head: Head<IncidentState> | undefined,
  event: IncidentEvent,
  targets: TargetsState,
  context: ChangeContext,
): IncidentChange {
  const changed = evolveIncident(head?.state, event);
  const change = changeToTell(head?.state, event);
  const notified: readonly IncidentEvent[] =
    change === undefined
      ? []
      : [
          {
            type: 'IncidentNotified',
            schemaVersion: 1,
            incidentId: changed.incidentId,
            notificationId: `${changed.incidentId}-n${changed.notifications + 1}`,
            at: context.now,
          },
        ];
  const state = notified.reduce<IncidentState>(evolveIncident, changed);
  const incident: NewCommit<IncidentEvent, IncidentState> = {
    streamId: incidentStream(state.incidentId),
    expectedVersion: head?.version ?? 0,
    events: [event, ...notified],
    state,
    lists: incidentLists(state),
    ...commitContext(context),
  };
  if (change === undefined) return { state, commits: [incident] };
  const planned = planNotification(state, change, targets, context.now);
  const notification = evolveNotification(undefined, planned);
  return { state, commits: [incident, notificationCommit(0, [planned], notification, context)], notification };
}

export function notificationCommit(
  expectedVersion: number,
  events: readonly NotificationEvent[],
  state: NotificationState,
  context: ChangeContext,
): NewCommit<NotificationEvent, NotificationState> {
  const streamId = notificationStream(state.notificationId);
  return { streamId, expectedVersion, events, state, lists: notificationLists(state), ...commitContext(context) };
}

/** What waits for the end of quiet hours is left to the sweep, and so is what is lost on its way. */
export async function enqueue(
  queue: NotificationQueue,
  { notificationId, deliveries }: NotificationState,
  now: string,
): Promise<void> {
  for (const { target, status, dueAt } of deliveries)
    if (status === 'pending' && dueAt <= now) await queue.send({ notificationId, target, at: now });
}

function commitContext({ actor, reason, now, correlationId }: ChangeContext) {
  return { actor, reason, occurredAt: now, correlationId };
}
