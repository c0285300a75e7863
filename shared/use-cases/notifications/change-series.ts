import { systemActor } from '../../domain/actor.ts';
import {
  evolveSeries,
  newSeries,
  type SeriesEvent,
  type SeriesState,
} from '../../domain/notifications/incident-series.ts';
import { incidentSeriesStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore, Head, NewCommit } from '../../ports/event-store.ts';

/** Version 0 while nothing was ever found about the subject. */
export async function loadSeries(events: EventStore, subject: string): Promise<Head<SeriesState>> {
  const streamId = incidentSeriesStream(subject);
  return (await events.head<SeriesState>(streamId)) ?? { streamId, version: 0, state: newSeries(subject), hash: '' };
}

export function planSeriesChange(
  { streamId, version, state }: Head<SeriesState>,
  events: readonly SeriesEvent[],
  now: Instant,
): NewCommit<SeriesEvent, SeriesState> {
  return {
    streamId,
    expectedVersion: version,
    events,
    state: events.reduce(evolveSeries, state),
    lists: [],
    actor: systemActor('notifications'),
    reason: events.map(({ type }) => type).join(', '),
    occurredAt: now,
  };
}
