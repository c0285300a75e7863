import {
  completedRestatements,
  type DayRange,
  type RestatementState,
  rangeOfBoth,
} from '../../domain/ground-truth/restatement.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';

/** UTC days whose labels count otherwise since restatements that were completed at `since` or later; absent when none. */
export async function restatedDays(events: Pick<EventStore, 'list'>, since: Instant): Promise<DayRange | undefined> {
  let days: DayRange | undefined;
  let cursor: string | undefined;
  do {
    const page = await events.list<RestatementState>(completedRestatements, {
      limit: 100,
      descending: true,
      ...(cursor !== undefined && { cursor }),
    });
    const recent = page.items.filter(({ state }) => (state.completedAt ?? '') >= since);
    for (const { state } of recent) days = rangeOfBoth(days, state.days);
    cursor = recent.length === page.items.length ? page.cursor : undefined;
  } while (cursor !== undefined);
  return days;
}
