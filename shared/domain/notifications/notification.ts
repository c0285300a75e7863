import type { Instant } from '../time.ts';
import type { Change } from './decide-incident.ts';
import type { IncidentState } from './incident.ts';
import type { NotificationTarget } from './notification-targets.ts';

/** What a team is told: all that a target's text is made of. */
export type NotificationMessage = {
  /** The same in every attempt and replay, so that receivers can drop what they have. */
  readonly notificationId: string;
  readonly change: Change;
  readonly occurredAt: Instant;
  readonly incident: Omit<IncidentState, 'notifications'>;
};

export type Attempt = {
  readonly at: Instant;
  readonly outcome: 'delivered' | 'failed';
  /** Of the HTTP answer, where there was one. */
  readonly status?: number;
  /** Never holds what was sent, nor an address that is a secret. */
  readonly error?: string;
};

export type Delivery = {
  readonly target: string;
  readonly kind: NotificationTarget['kind'];
  /** `failed`: given up. `superseded`: it waited until there was something newer to tell. */
  readonly status: 'pending' | 'delivered' | 'failed' | 'superseded';
  /** When it is tried next; of one that is not pending, when it was to be tried last. */
  readonly dueAt: Instant;
  /** Waits for the end of quiet hours. */
  readonly isQuiet?: boolean;
  /** Since the beginning or the last replay. */
  readonly tries: number;
  readonly replays: number;
  /** The last ones, oldest first. */
  readonly attempts: readonly Attempt[];
};

/** Head of the stream `notification#<notificationId>`. */
export type NotificationState = {
  readonly notificationId: string;
  readonly team: string;
  readonly createdAt: Instant;
  readonly message: NotificationMessage;
  readonly deliveries: readonly Delivery[];
};

type Of<T extends string, D> = {
  readonly type: T;
  readonly schemaVersion: 1;
  readonly notificationId: string;
} & Readonly<D>;
type Planned = Pick<Delivery, 'target' | 'kind' | 'dueAt' | 'isQuiet'>;

export type NotificationEvent =
  | Of<
      'NotificationPlanned',
      { team: string; message: NotificationMessage; deliveries: readonly Planned[]; at: Instant }
    >
  /** `dueAt`: of the next attempt; absent when there is none. */
  | Of<'DeliveryAttempted', { target: string; attempt: Attempt; dueAt?: Instant }>
  | Of<'DeliverySuperseded', { target: string; at: Instant }>
  | Of<'DeliveryReplayed', { target: string; at: Instant }>;

/** Pending ones, by when they are due. */
export const dueNotifications = 'notifications-due';

export function notificationsOfTeam(team: string): string {
  return `notifications#team#${team}`;
}

export function notificationLists({ team, createdAt, notificationId, deliveries }: NotificationState) {
  const due = deliveries.flatMap(({ status, dueAt }) => (status === 'pending' ? [dueAt] : []));
  const own = { list: notificationsOfTeam(team), sort: `${createdAt}#${notificationId}` };
  return due.length === 0 ? [own] : [own, { list: dueNotifications, sort: due.toSorted()[0]! }];
}

/** Undefined when the text is not the id of a notification. */
export function incidentIdOf(notificationId: string): string | undefined {
  return /^(.+-i\d{1,9})-n\d{1,9}$/.exec(notificationId)?.[1];
}
