import type { SendOutcome } from '../domain/notifications/decide-delivery.ts';
import type { NotificationMessage } from '../domain/notifications/notification.ts';
import type { NotificationTarget } from '../domain/notifications/notification-targets.ts';

export interface NotificationSender {
  /** One attempt. Whatever the target does is an outcome, never an error. */
  send(target: NotificationTarget, message: NotificationMessage): Promise<SendOutcome>;
}
