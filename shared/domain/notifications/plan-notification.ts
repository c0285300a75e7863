import type { Instant } from '../time.ts';
import type { Change } from './decide-incident.ts';
import type { IncidentState } from './incident.ts';
import type { NotificationEvent } from './notification.ts';
import type { NotificationTarget, TargetsState } from './notification-targets.ts';
import { endOfQuietHours } from './quiet-hours.ts';

/**
 * Who is told of a change, and when: what informs waits for the end of quiet hours, what pages does not. `incident`: after
 * the change and with this notification counted.
 */
export function planNotification(
  incident: IncidentState,
  change: Change,
  { targets, quietHours }: TargetsState,
  at: Instant,
): NotificationEvent {
  const { notifications, ...told } = incident;
  const notificationId = `${incident.incidentId}-n${notifications}`;
  const dueAt = incident.severity === 'page' ? at : endOfQuietHours(quietHours, at);
  const deliveries = targets
    .filter((target) => isTold(target, incident, change))
    .map(({ name, kind }) => ({ target: name, kind, dueAt, ...(dueAt > at && { isQuiet: true }) }));
  const message = { notificationId, change, occurredAt: at, incident: told };
  return {
    type: 'NotificationPlanned',
    schemaVersion: 1,
    notificationId,
    team: incident.team,
    message,
    deliveries,
    at,
  };
}

/** That somebody has taken an incident on is told to systems that keep incidents themselves, not to people. */
function isTold({ kind, severities }: NotificationTarget, { severity }: IncidentState, change: Change): boolean {
  if (!severities.includes(severity)) return false;
  return change !== 'acknowledged' || kind === 'pagerduty' || kind === 'webhook';
}
