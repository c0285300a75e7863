import { type IncidentState, incidentsOfTeam } from '../../domain/notifications/incident.ts';
import { type NotificationState, notificationsOfTeam } from '../../domain/notifications/notification.ts';
import type { EventStore, Page } from '../../ports/event-store.ts';

type PageOf = { readonly team: string; readonly limit: number; readonly cursor?: string | undefined };

/** Open and acknowledged ones first, each group newest first; of one group when `status` is given. */
export function listIncidents(
  events: EventStore,
  { status, ...page }: PageOf & { readonly status?: 'open' | 'recovered' | undefined },
): Promise<Page<IncidentState>> {
  const prefix = status === undefined ? undefined : status === 'open' ? '1#' : '0#';
  return newestFirst(events, incidentsOfTeam(page.team), page, prefix);
}

/** Newest first. */
export function listNotifications(events: EventStore, page: PageOf): Promise<Page<NotificationState>> {
  return newestFirst(events, notificationsOfTeam(page.team), page);
}

async function newestFirst<S>(
  events: EventStore,
  list: string,
  { limit, cursor }: PageOf,
  prefix?: string,
): Promise<Page<S>> {
  const page = await events.list<S>(list, {
    limit,
    descending: true,
    ...(cursor !== undefined && { cursor }),
    ...(prefix !== undefined && { prefix }),
  });
  return { items: page.items.map(({ state }) => state), ...(page.cursor !== undefined && { cursor: page.cursor }) };
}
