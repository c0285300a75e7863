import type { WriterState } from '../../domain/ground-truth/writer.ts';
import { allWriters, writersOfTeam } from '../../domain/ground-truth/writer-lists.ts';
import type { EventStore, Page } from '../../ports/event-store.ts';
import { type PageRequest, states } from './view-models.ts';

/** By name; of one team when `team` is given. */
export function listWriters(
  events: EventStore,
  { team, ...page }: PageRequest & { readonly team?: string | undefined },
): Promise<Page<WriterState>> {
  return states(events, team === undefined ? allWriters : writersOfTeam(team), page);
}
