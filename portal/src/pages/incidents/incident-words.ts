import type { Incident, Notification } from '../../api/types.ts';
import type { StateKind } from '../../format/state-kind.ts';

type Delivery = Notification['deliveries'][number];

export const incidentCauseWords: Readonly<Record<Incident['cause'], string>> = {
  performance: 'Performance dropped',
  'estimated-performance': 'Estimated performance dropped',
  drift: 'Inputs drifted',
  staleness: 'Trained long ago',
  deprecation: 'Proposed for deprecation',
  'retrain-failed': 'A retrain failed',
  'retrain-blocked': 'A retrain cannot begin',
  rollout: 'A rollout was rolled back',
  approval: 'A decision is waited for',
  rule: 'A rule of the policy',
  circuit: 'An orchestrator does not answer',
  upstream: 'Something upstream changed',
};

/** Pages have a consequence; what informs may wait. */
export function incidentState({ status, severity }: Pick<Incident, 'status' | 'severity'>): {
  readonly kind: StateKind;
  readonly word: string;
} {
  if (status === 'recovered') return { kind: 'healthy', word: 'recovered' };
  if (status === 'acknowledged') return { kind: 'progress', word: 'taken on' };
  return severity === 'page' ? { kind: 'breach', word: 'page' } : { kind: 'warning', word: 'inform' };
}

export const changeWords: Readonly<Record<Notification['message']['change'], string>> = {
  opened: 'Opened',
  updated: 'Updated',
  acknowledged: 'Taken on',
  recovered: 'Recovered',
};

export const deliveryStates: Readonly<Record<Delivery['status'], { readonly kind: StateKind; readonly word: string }>> =
  {
    pending: { kind: 'progress', word: 'on its way' },
    delivered: { kind: 'healthy', word: 'delivered' },
    failed: { kind: 'breach', word: 'given up' },
    superseded: { kind: 'unknown', word: 'something newer was told' },
  };

/** What came of the last attempt: `status 503`, or what went wrong before there was an answer. */
export function attemptText({ outcome, status, error }: Delivery['attempts'][number]): string {
  const answer = status === undefined ? undefined : `status ${status}`;
  const said = [answer, error].filter((part) => part !== undefined).join(', ');
  return said === '' ? outcome : said;
}
