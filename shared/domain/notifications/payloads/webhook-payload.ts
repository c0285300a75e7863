import type { NotificationMessage } from '../notification.ts';

/** Envelope as Standard Webhooks recommends: `type`, `timestamp`, `data`. */
export function webhookPayload({ notificationId, change, occurredAt, incident }: NotificationMessage): unknown {
  return { type: `incident.${change}`, timestamp: occurredAt, data: { notificationId, incident } };
}
