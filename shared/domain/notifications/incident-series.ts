import { dayMillis, type Instant, toMillis } from '../time.ts';
import type { IncidentCause } from './incident.ts';

/** Up to where the commits of a stream have been told of, and when that was. */
export type SourceCursor = { readonly version: number; readonly at: Instant };

/** Head of the stream `incidents#<subject>`: how incidents are counted, and which are open. */
export type SeriesState = {
  readonly subject: string;
  readonly count: number;
  readonly open: Readonly<Partial<Record<IncidentCause, string>>>;
  /** By the stream's id. */
  readonly cursors: Readonly<Record<string, SourceCursor>>;
};

export type SeriesEvent =
  | {
      readonly type: 'SeriesIncidentOpened';
      readonly schemaVersion: 1;
      readonly cause: IncidentCause;
      readonly incidentId: string;
    }
  | { readonly type: 'SeriesIncidentClosed'; readonly schemaVersion: 1; readonly cause: IncidentCause }
  | {
      readonly type: 'SourceRead';
      readonly schemaVersion: 1;
      readonly source: string;
      readonly version: number;
      readonly at: Instant;
    };

/** A day of EventBridge's retries and 14 of SQS's retention are the latest that an event can come again. */
const rememberedMillis = 30 * dayMillis;

export function newSeries(subject: string): SeriesState {
  return { subject, count: 0, open: {}, cursors: {} };
}

export function nextIncidentId({ subject, count }: SeriesState): string {
  return `${subject}-i${count + 1}`;
}

export function evolveSeries(state: SeriesState, event: SeriesEvent): SeriesState {
  switch (event.type) {
    case 'SeriesIncidentOpened':
      return { ...state, count: state.count + 1, open: { ...state.open, [event.cause]: event.incidentId } };
    case 'SeriesIncidentClosed': {
      const { [event.cause]: _, ...open } = state.open;
      return { ...state, open };
    }
    case 'SourceRead': {
      const { source, version, at } = event;
      const kept = Object.entries(state.cursors).filter(
        ([, cursor]) => toMillis(at) - toMillis(cursor.at) < rememberedMillis,
      );
      return { ...state, cursors: { ...Object.fromEntries(kept), [source]: { version, at } } };
    }
  }
}
