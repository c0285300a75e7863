import { type RestatementState, restatementsOfWriter } from '../../domain/ground-truth/restatement.ts';
import type { EventStore, Page } from '../../ports/event-store.ts';
import { type PageRequest, states } from '../registry/view-models.ts';

/** A page of the restatements that the trust in a writer led to, those of the latest change first. */
export function listRestatements(
  events: EventStore,
  writer: string,
  page: PageRequest,
): Promise<Page<RestatementState>> {
  return states(events, restatementsOfWriter(writer), { ...page, descending: true });
}
