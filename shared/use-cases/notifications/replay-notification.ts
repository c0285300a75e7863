import { notFound } from '../../domain/errors.ts';
import { replay } from '../../domain/notifications/decide-delivery.ts';
import type { NotificationState } from '../../domain/notifications/notification.ts';
import type { EventStore } from '../../ports/event-store.ts';
import type { NotificationQueue } from '../../ports/notification-queue.ts';
import type { ChangeContext } from '../registry/change-model.ts';
import { enqueue } from './change-incident.ts';
import { changeNotification, loadNotification } from './deliver-notification.ts';

export type ReplayRequest = {
  readonly team: string;
  readonly notificationId: string;
  /** @default all of them */
  readonly target?: string | undefined;
};

/** Tells again, under the same id. Throws `NotFound`, also for a notification of another team, and `IllegalTransition`. */
export async function replayNotification(
  { events, queue }: { readonly events: EventStore; readonly queue: NotificationQueue },
  { team, notificationId, target }: ReplayRequest,
  context: Omit<ChangeContext, 'reason'>,
): Promise<NotificationState> {
  const { now } = context;
  if ((await loadNotification(events, notificationId)).state.team !== team)
    throw notFound('notification', notificationId);
  const decide = (known: NotificationState) => replay(known, target, now);
  const state = await changeNotification(events, notificationId, decide, now, { ...context, reason: 'replayed' });
  await enqueue(queue, state, now);
  return state;
}
