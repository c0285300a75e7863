import type { NotificationMessage } from '../notification.ts';
import { headline } from './message-words.ts';
import { webhookPayload } from './webhook-payload.ts';

export type SnsMessage = {
  readonly subject: string;
  readonly message: string;
  /** What subscriptions filter by. */
  readonly attributes: Readonly<Record<string, string>>;
};

/** A subject is up to 100 printable ASCII characters. Source: SNS API reference, Publish. */
export function snsMessage(message: NotificationMessage): SnsMessage {
  const { incident, change, notificationId } = message;
  return {
    subject: headline(message)
      .replace(/[^\x20-\x7e]/g, '?')
      .slice(0, 100),
    message: JSON.stringify(webhookPayload(message)),
    attributes: { notificationId, change, severity: incident.severity, cause: incident.cause, team: incident.team },
  };
}
