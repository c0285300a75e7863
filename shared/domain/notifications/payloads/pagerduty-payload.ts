import type { NotificationMessage } from '../notification.ts';
import { clipped, headline } from './message-words.ts';

const actions = { opened: 'trigger', updated: 'trigger', acknowledged: 'acknowledge', recovered: 'resolve' } as const;

export const pagerDutyUrls = {
  us: 'https://events.pagerduty.com/v2/enqueue',
  eu: 'https://events.eu.pagerduty.com/v2/enqueue',
} as const;

/** One alert of theirs is one incident of ours, by `dedup_key`. Source: PagerDuty, Events API v2, "Send an alert event". */
export function pagerDutyPayload(message: NotificationMessage, routingKey: string): unknown {
  const { incident, change, notificationId } = message;
  const action = actions[change];
  const of = { routing_key: routingKey, event_action: action, dedup_key: incident.incidentId };
  if (action !== 'trigger') return of;
  return {
    ...of,
    client: 'Runway',
    payload: {
      summary: clipped(headline(message), 1_024),
      source: incident.subject,
      severity: incident.severity === 'page' ? 'critical' : 'warning',
      timestamp: message.occurredAt,
      component: incident.subject,
      group: incident.team,
      class: incident.cause,
      custom_details: { detail: incident.detail, notificationId, occurrences: incident.occurrences },
    },
  };
}
