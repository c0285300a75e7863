import { systemActor } from '../../domain/actor.ts';
import { notFound } from '../../domain/errors.ts';
import {
  deliveryTo,
  evolveNotification,
  recordAttempt,
  supersede,
} from '../../domain/notifications/decide-delivery.ts';
import {
  type Delivery,
  dueNotifications,
  incidentIdOf,
  type NotificationEvent,
  type NotificationState,
} from '../../domain/notifications/notification.ts';
import { notificationStream } from '../../domain/stream-ids.ts';
import { type Instant, minuteMillis, toInstant, toMillis } from '../../domain/time.ts';
import type { EventStore, Head } from '../../ports/event-store.ts';
import type { DeliveryRequest, NotificationQueue } from '../../ports/notification-queue.ts';
import type { NotificationSender } from '../../ports/notification-sender.ts';
import type { ChangeContext } from '../registry/change-model.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadIncident, notificationCommit } from './change-incident.ts';
import { loadTargets } from './change-targets.ts';

export type DeliverDependencies = {
  readonly events: EventStore;
  readonly queue: NotificationQueue;
  readonly sender: NotificationSender;
};

/** `not-due`: there is nothing to do, now or any more. */
export type Delivered = { readonly status: Delivery['status'] | 'not-due'; readonly error?: string };

/** What SQS can hold a message back for; longer waits are left to the sweep. */
const longestDelaySeconds = 900;
/** A message is on its way for a moment; after this it is taken for lost. */
const overdueMillis = 2 * minuteMillis;
const sweepPage = 100;

/**
 * One attempt to tell one target. It is made at least once: a crash after it and before the record repeats it under the
 * same id. Throws `NotFound`, and `DependencyUnavailable` of the store and the queue.
 */
export async function deliverNotification(
  { events, queue, sender }: DeliverDependencies,
  { notificationId, target, at }: DeliveryRequest,
): Promise<Delivered> {
  const { state } = await loadNotification(events, notificationId);
  const delivery = deliveryTo(state, target);
  if (delivery.status !== 'pending' || delivery.dueAt > at) return { status: 'not-due' };
  if (delivery.isQuiet && (await isOutdated(events, state))) {
    await changeNotification(events, notificationId, (known) => supersede(known, target, at), at);
    return { status: 'superseded' };
  }
  const settings = (await loadTargets(events, state.team)).state.targets.find(({ name }) => name === target);
  const outcome =
    settings === undefined
      ? ({ delivered: false, error: 'the team has no target of this name any more', isFinal: true } as const)
      : await sender.send(settings, state.message);
  const after = await changeNotification(
    events,
    notificationId,
    (known) => recordAttempt(known, target, outcome, at),
    at,
  );
  const { status, dueAt } = deliveryTo(after, target);
  if (status === 'pending') await sendAgain(queue, { notificationId, target, at: dueAt }, at);
  return { status, ...(!outcome.delivered && { error: outcome.error }) };
}

/** Puts what is overdue into the queue: what waited for quiet hours to end or for long, and what was lost on its way. */
export async function sweepNotifications(
  { events, queue }: Pick<DeliverDependencies, 'events' | 'queue'>,
  now: Instant,
): Promise<number> {
  let cursor: string | undefined;
  let sent = 0;
  do {
    const page = await events.list<NotificationState>(dueNotifications, {
      limit: sweepPage,
      ...(cursor !== undefined && { cursor }),
    });
    for (const { state } of page.items) {
      for (const { target } of state.deliveries.filter((delivery) => isOverdue(delivery, now))) {
        await queue.send({ notificationId: state.notificationId, target, at: now });
        sent += 1;
      }
    }
    const isBeyond = page.items.some(({ state }) => state.deliveries.every(({ dueAt }) => dueAt > now));
    cursor = isBeyond ? undefined : page.cursor;
  } while (cursor !== undefined);
  return sent;
}

/** Throws `NotFound` (code `unknown-notification`). */
export async function loadNotification(events: EventStore, notificationId: string): Promise<Head<NotificationState>> {
  const head = await events.head<NotificationState>(notificationStream(notificationId));
  if (head === undefined) throw notFound('notification', notificationId);
  return head;
}

/** Loads, decides, appends: the targets of one notification are told at once, and each writes here. */
export function changeNotification(
  events: EventStore,
  notificationId: string,
  decide: (state: NotificationState) => readonly NotificationEvent[],
  now: Instant,
  context: Partial<ChangeContext> = {},
): Promise<NotificationState> {
  return withRetryOnConflict(async () => {
    const head = await loadNotification(events, notificationId);
    const decided = decide(head.state);
    if (decided.length === 0) return head.state;
    const state = decided.reduce<NotificationState>(evolveNotification, head.state);
    const reason = decided.map(({ type }) => type).join(', ');
    const full = { actor: systemActor('notifications'), reason, ...context, now };
    await events.append([notificationCommit(head.version, decided, state, full)]);
    return state;
  }, 20);
}

/** Whether the incident has gone on since: then a newer notification says more. */
async function isOutdated(events: EventStore, { notificationId }: NotificationState): Promise<boolean> {
  const { state } = await loadIncident(events, incidentIdOf(notificationId) ?? '');
  return notificationId !== `${state.incidentId}-n${state.notifications}`;
}

function isOverdue({ status, dueAt, isQuiet }: Delivery, now: Instant): boolean {
  if (status !== 'pending') return false;
  // Nothing is on its way for what waited for the end of quiet hours.
  return isQuiet ? dueAt <= now : dueAt <= toInstant(toMillis(now) - overdueMillis);
}

async function sendAgain(queue: NotificationQueue, request: DeliveryRequest, now: Instant): Promise<void> {
  const seconds = (toMillis(request.at) - toMillis(now)) / 1_000;
  if (seconds <= longestDelaySeconds) await queue.send(request, seconds);
}
