import type { NotificationMessage } from '../notification.ts';

/** `PAGE late-live: performance breached`, `Recovered: late-live: performance breached`. */
export function headline({ change, incident }: NotificationMessage): string {
  if (change === 'recovered') return `Recovered: ${incident.title}`;
  if (change === 'acknowledged') return `Acknowledged: ${incident.title}`;
  const again = change === 'updated' ? 'Update: ' : '';
  return `${incident.severity === 'page' ? 'PAGE ' : ''}${again}${incident.title}`;
}

/** `incident late-live-i3, team flights, since 2001-01-22T06:00:00.000Z` */
export function footnote({ incident }: NotificationMessage): string {
  return `incident ${incident.incidentId}, team ${incident.team}, since ${incident.openedAt}`;
}

export function clipped(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1)}…`;
}
