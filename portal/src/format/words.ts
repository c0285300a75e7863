import type { Commit, Evaluation, FleetRow, Model, Retrain, Signal } from '../api/types.ts';

export const verdictWords: Readonly<Record<Evaluation['verdict'], string>> = {
  'at-risk': 'At risk',
  healthy: 'Healthy',
  unknown: 'Unknown',
};

export const signalVerdictWords: Readonly<Record<Signal['verdict'], string>> = {
  ok: 'OK',
  warning: 'Warning',
  breach: 'Breach',
  'insufficient-data': 'Too little data',
};

export const signalWords: Readonly<Record<Signal['name'], string>> = {
  performance: 'Performance',
  conceptDrift: 'Concept drift',
  dataDrift: 'Data drift',
  predictionDrift: 'Prediction drift',
  trainServeSkew: 'Train–serve skew',
  embeddingInstability: 'Embedding instability',
  downstreamHealth: 'Health downstream',
  estimatedPerformance: 'Estimated performance',
  age: 'Age',
};

export const causeWords: Readonly<Record<Retrain['triggers'][number]['cause'], string>> = {
  performance: 'Performance dropped',
  drift: 'Inputs drifted',
  schedule: 'Time for it: nothing was retrained for long',
  policy: 'A rule of its policy',
  manual: 'A person asked',
  cascade: 'What it depends on was promoted',
  external: 'Something happened outside',
};

export const lifecycleWords: Readonly<Record<Model['lifecycle'], string>> = {
  registered: 'registered',
  active: 'active',
  monitoring: 'monitoring',
  'at-risk': 'at risk',
  retraining: 'retraining',
  validating: 'validating',
  rollback: 'rolled back',
  deprecated: 'deprecated',
  retired: 'retired',
};

/** What Runway is doing about it: `retrain queued`, `canary 20 %`; undefined when nothing is under way. */
export function underWayText({ openRetrain, openRollout }: FleetRow): string | undefined {
  if (openRollout !== undefined) {
    const { status, percent } = openRollout;
    if (status === 'canary') return percent === undefined ? 'canary' : `canary ${percent} %`;
    return status === 'validating' ? 'validating' : 'rolling back';
  }
  return openRetrain === undefined ? undefined : `retrain ${openRetrain.status}`;
}

/** `at risk since 2001-05-03 14:00 UTC: log-loss …` without its first words, which stand beside it already. */
export function reasonText(summary: string): string {
  const reason = summary.replace(/^(at risk since [^:]*:\d\d UTC|at risk|healthy|unknown): /, '');
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}

/** `VersionRegistered` as `version registered`. */
export function eventText({ type }: Commit['events'][number]): string {
  return type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
