import { illegalTransition, notFound } from '../errors.ts';
import { type Instant, toInstant, toMillis } from '../time.ts';
import type { Attempt, Delivery, NotificationEvent, NotificationState } from './notification.ts';

/** What came of an attempt; `isFinal`: trying again cannot help. */
export type SendOutcome =
  | { readonly delivered: true; readonly status?: number }
  | { readonly delivered: false; readonly status?: number; readonly error: string; readonly isFinal?: boolean };

/**
 * From one attempt to the next: 8 in 18 hours, soon at first, for most outages are short. After Standard Webhooks,
 * "Deliverability and reliability".
 */
const backOffSeconds = [5, 60, 300, 1_800, 7_200, 18_000, 36_000] as const;
const keptAttempts = 20;

/** What an attempt at `at` leaves. */
export function recordAttempt(
  state: NotificationState,
  target: string,
  outcome: SendOutcome,
  at: Instant,
): readonly NotificationEvent[] {
  const delivery = deliveryTo(state, target);
  if (delivery.status !== 'pending') return [];
  const of = { type: 'DeliveryAttempted', schemaVersion: 1, notificationId: state.notificationId, target } as const;
  const status = outcome.status === undefined ? {} : { status: outcome.status };
  if (outcome.delivered) return [{ ...of, attempt: { at, outcome: 'delivered', ...status } }];
  const wait = outcome.isFinal ? undefined : backOffSeconds[delivery.tries];
  const next = wait === undefined ? {} : { dueAt: toInstant(toMillis(at) + wait * 1_000) };
  return [{ ...of, attempt: { at, outcome: 'failed', ...status, error: outcome.error }, ...next }];
}

export function supersede(state: NotificationState, target: string, at: Instant): readonly NotificationEvent[] {
  if (deliveryTo(state, target).status !== 'pending') return [];
  return [{ type: 'DeliverySuperseded', schemaVersion: 1, notificationId: state.notificationId, target, at }];
}

/** Once more, to one target or to all. Nothing for what is on its way. Throws `NotFound`, and `IllegalTransition` when there was nobody to tell. */
export function replay(
  state: NotificationState,
  target: string | undefined,
  at: Instant,
): readonly NotificationEvent[] {
  if (state.deliveries.length === 0)
    throw illegalTransition('Replay', 'without a target', 'a notification that was sent to somebody');
  const chosen = target === undefined ? state.deliveries : [deliveryTo(state, target)];
  return chosen
    .filter(({ status }) => status !== 'pending')
    .map((delivery) => ({
      type: 'DeliveryReplayed',
      schemaVersion: 1,
      notificationId: state.notificationId,
      target: delivery.target,
      at,
    }));
}

/** Throws `NotFound` (code `unknown-target`). */
export function deliveryTo(state: NotificationState, target: string): Delivery {
  const delivery = state.deliveries.find((candidate) => candidate.target === target);
  if (delivery === undefined) throw notFound('target', target);
  return delivery;
}

/** Throws when a stream does not begin with its plan. */
export function evolveNotification(state: NotificationState | undefined, event: NotificationEvent): NotificationState {
  if (event.type === 'NotificationPlanned') return planned(event);
  if (state === undefined) throw new Error(`${event.type} before NotificationPlanned`);
  const deliveries = state.deliveries.map((delivery) =>
    delivery.target === event.target ? evolveDelivery(delivery, event) : delivery,
  );
  return { ...state, deliveries };
}

function planned(event: Extract<NotificationEvent, { type: 'NotificationPlanned' }>): NotificationState {
  const { notificationId, team, message, at } = event;
  const fresh = { status: 'pending', tries: 0, replays: 0, attempts: [] } as const;
  const deliveries = event.deliveries.map((delivery) => ({ ...delivery, ...fresh }));
  return { notificationId, team, createdAt: at, message, deliveries };
}

function evolveDelivery(
  delivery: Delivery,
  event: Exclude<NotificationEvent, { type: 'NotificationPlanned' }>,
): Delivery {
  const { isQuiet: _, ...woken } = delivery;
  switch (event.type) {
    case 'DeliveryAttempted':
      return {
        ...woken,
        status: event.attempt.outcome === 'delivered' ? 'delivered' : event.dueAt === undefined ? 'failed' : 'pending',
        dueAt: event.dueAt ?? delivery.dueAt,
        tries: delivery.tries + 1,
        attempts: kept([...delivery.attempts, event.attempt]),
      };
    case 'DeliverySuperseded':
      return { ...woken, status: 'superseded' };
    case 'DeliveryReplayed':
      return { ...woken, status: 'pending', dueAt: event.at, tries: 0, replays: delivery.replays + 1 };
  }
}

function kept(attempts: readonly Attempt[]): readonly Attempt[] {
  return attempts.slice(-keptAttempts);
}
