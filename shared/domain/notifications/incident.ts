import type { Instant } from '../time.ts';

/** `page` wakes somebody: there is a consequence. `inform` may wait for the morning. */
export const severities = ['page', 'inform'] as const;
export type Severity = (typeof severities)[number];

/** What went wrong; of each kind a subject has one open incident at most. */
export const incidentCauses = [
  'performance',
  'estimated-performance',
  'drift',
  'staleness',
  'deprecation',
  'retrain-failed',
  'retrain-blocked',
  'rollout',
  'approval',
  'rule',
  'circuit',
  'upstream',
] as const;
export type IncidentCause = (typeof incidentCauses)[number];

/** Head of the stream `incident#<incidentId>`. */
export type IncidentState = {
  readonly incidentId: string;
  /** Who is told. */
  readonly team: string;
  /** A model's id, or `circuit.<connection>`. */
  readonly subject: string;
  readonly modelId?: string;
  readonly cause: IncidentCause;
  readonly severity: Severity;
  readonly status: 'open' | 'acknowledged' | 'recovered';
  /** Such as `late-live: performance breached`. */
  readonly title: string;
  /** What was found last. */
  readonly detail: string;
  readonly openedAt: Instant;
  readonly updatedAt: Instant;
  /** How often something new was found, the first time included. */
  readonly occurrences: number;
  /** Notifications so far; the newest is `<incidentId>-n<notifications>`. */
  readonly notifications: number;
  readonly acknowledgement?: { readonly by: string; readonly at: Instant; readonly comment?: string };
  readonly recoveredAt?: Instant;
};

type Of<T extends string, D> = {
  readonly type: T;
  readonly schemaVersion: 1;
  readonly incidentId: string;
} & Readonly<D>;

export type IncidentEvent =
  | Of<
      'IncidentOpened',
      Pick<IncidentState, 'team' | 'subject' | 'modelId' | 'cause' | 'severity' | 'title' | 'detail'> & { at: Instant }
    >
  /** Something new of the same cause; it may be graver than what was known. */
  | Of<'IncidentUpdated', { severity: Severity; title: string; detail: string; at: Instant }>
  | Of<'IncidentAcknowledged', { by: string; comment?: string; at: Instant }>
  | Of<'IncidentRecovered', { detail: string; at: Instant }>
  | Of<'IncidentNotified', { notificationId: string; at: Instant }>;

/** What an event says about one cause. */
export type Finding =
  | {
      readonly state: 'breach';
      readonly cause: IncidentCause;
      readonly severity: Severity;
      readonly title: string;
      readonly detail: string;
    }
  | { readonly state: 'recovered'; readonly cause: IncidentCause; readonly detail: string };

export type Breach = Extract<Finding, { readonly state: 'breach' }>;

/** Open ones first when listed downwards, each group by when it began. */
export function incidentLists({ team, status, openedAt, incidentId }: IncidentState) {
  const group = status === 'recovered' ? '0' : '1';
  return [{ list: incidentsOfTeam(team), sort: `${group}#${openedAt}#${incidentId}` }];
}

export function incidentsOfTeam(team: string): string {
  return `incidents#team#${team}`;
}
