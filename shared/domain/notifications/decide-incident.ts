import { illegalTransition } from '../errors.ts';
import type { Instant } from '../time.ts';
import type { Breach, Finding, IncidentEvent, IncidentState } from './incident.ts';

/** What the team is told; an acknowledged incident is silent until it gets graver or recovers. */
export type Change = 'opened' | 'updated' | 'acknowledged' | 'recovered';

export type IncidentOwner = Pick<IncidentState, 'incidentId' | 'team' | 'subject' | 'modelId'>;

export function openIncident(
  { incidentId, team, subject, modelId }: IncidentOwner,
  { cause, severity, title, detail }: Breach,
  at: Instant,
): IncidentEvent {
  const about = { team, subject, ...(modelId !== undefined && { modelId }) };
  return { type: 'IncidentOpened', schemaVersion: 1, incidentId, ...about, cause, severity, title, detail, at };
}

/** Nothing when the finding says what is known already, so that a repeated event is no news. */
export function decideFinding(state: IncidentState, finding: Finding, at: Instant): readonly IncidentEvent[] {
  if (state.status === 'recovered') return [];
  const of = { schemaVersion: 1, incidentId: state.incidentId, at } as const;
  if (finding.state === 'recovered') return [{ type: 'IncidentRecovered', ...of, detail: finding.detail }];
  const severity = graver(state.severity, finding.severity);
  if (severity === state.severity && finding.title === state.title && finding.detail === state.detail) return [];
  return [{ type: 'IncidentUpdated', ...of, severity, title: finding.title, detail: finding.detail }];
}

/** Nothing when it was acknowledged before. Throws `IllegalTransition` for one that has recovered. */
export function acknowledgeIncident(
  state: IncidentState,
  { by, comment }: { readonly by: string; readonly comment?: string | undefined },
  at: Instant,
): readonly IncidentEvent[] {
  if (state.status === 'acknowledged') return [];
  if (state.status === 'recovered') throw illegalTransition('Acknowledge', state.status, 'open');
  const said = comment === undefined ? {} : { comment };
  return [{ type: 'IncidentAcknowledged', schemaVersion: 1, incidentId: state.incidentId, by, ...said, at }];
}

/** Undefined when nobody is told. `before`: the state that the event changed; undefined for a new incident. */
export function changeToTell(before: IncidentState | undefined, event: IncidentEvent): Change | undefined {
  switch (event.type) {
    case 'IncidentOpened':
      return 'opened';
    case 'IncidentUpdated':
      return before?.status === 'acknowledged' && before.severity === event.severity ? undefined : 'updated';
    case 'IncidentAcknowledged':
      return 'acknowledged';
    case 'IncidentRecovered':
      return 'recovered';
    case 'IncidentNotified':
      return undefined;
  }
}

/** Throws when a stream does not begin with its opening. */
export function evolveIncident(state: IncidentState | undefined, event: IncidentEvent): IncidentState {
  if (event.type === 'IncidentOpened') return opened(event);
  if (state === undefined) throw new Error(`${event.type} before IncidentOpened`);
  switch (event.type) {
    case 'IncidentUpdated': {
      const { severity, title, detail, at } = event;
      return {
        ...reopened(state, severity),
        severity,
        title,
        detail,
        updatedAt: at,
        occurrences: state.occurrences + 1,
      };
    }
    case 'IncidentAcknowledged': {
      const { by, at, comment } = event;
      const acknowledgement = { by, at, ...(comment !== undefined && { comment }) };
      return { ...state, status: 'acknowledged', acknowledgement, updatedAt: at };
    }
    case 'IncidentRecovered':
      return { ...state, status: 'recovered', detail: event.detail, recoveredAt: event.at, updatedAt: event.at };
    case 'IncidentNotified':
      return { ...state, notifications: state.notifications + 1 };
  }
}

function opened({ type: _, schemaVersion: __, at, ...facts }: Extract<IncidentEvent, { type: 'IncidentOpened' }>) {
  const moments = { openedAt: at, updatedAt: at };
  return { ...facts, status: 'open' as const, ...moments, occurrences: 1, notifications: 0 };
}

/** Who has seen a drift has not seen a page. */
function reopened(state: IncidentState, severity: IncidentState['severity']): IncidentState {
  if (state.status !== 'acknowledged' || severity === state.severity) return state;
  const { acknowledgement: _, ...open } = state;
  return { ...open, status: 'open' };
}

function graver(one: IncidentState['severity'], other: IncidentState['severity']): IncidentState['severity'] {
  return one === 'page' || other === 'page' ? 'page' : 'inform';
}
