import * as z from '../zod.ts';
import type { Breach, Finding, IncidentCause } from './incident.ts';

/** One event of a stream, with why it was appended: `streamId` of a circuit holds the connection's name. */
export type SourceEvent = {
  readonly streamId: string;
  readonly reason: string;
  readonly event: Readonly<Record<string, unknown>> & { readonly type: string };
};

/** `all`: whatever is open, for the model is on its way out. */
export type SourceFinding = Finding | { readonly state: 'recovered'; readonly cause: 'all'; readonly detail: string };
type Rule = (source: SourceEvent) => readonly SourceFinding[];

const text = (source: SourceEvent, field: string): string => {
  const value = source.event[field];
  return typeof value === 'string' ? value : '';
};
const breach =
  (cause: IncidentCause, title: (subject: string) => string, detail: (source: SourceEvent) => string): Rule =>
  (source) => [
    { state: 'breach', cause, severity: 'inform', title: title(subjectOf(source) ?? ''), detail: detail(source) },
  ];
const recovery =
  (...causes: readonly (IncidentCause | 'all')[]): Rule =>
  (source) =>
    causes.map((cause) => ({ state: 'recovered', cause, detail: source.reason }));

/**
 * What each event says of incidents. A consequence pages, and only realised performance is one: drift may be harmless, and
 * a failed retrain or rollout has left the champion where it was.
 */
export const notifyingEvents = {
  HealthChanged: (source) => (source.event.status === 'at-risk' ? healthBreaches(source) : healthRecovery(source)),
  DeprecationProposed: breach(
    'deprecation',
    (model) => `${model}: deprecation proposed`,
    (source) => text(source, 'reason'),
  ),
  DependencyChanged: breach(
    'upstream',
    (model) => `${model}: something upstream changes`,
    (source) => `${text(source, 'uri')} (${text(source, 'change')}): ${text(source, 'reason')}`,
  ),
  ChampionDeployed: recovery('deprecation'),
  // What was trained since has seen the change.
  VersionPromoted: recovery('deprecation', 'rollout', 'approval', 'upstream'),
  ModelDeprecated: recovery('all'),
  ModelRetired: recovery('all'),
  RetrainRequeued: breach(
    'retrain-blocked',
    (model) => `${model}: retrain blocked`,
    (source) => `${text(source, 'retrainId')}: ${text(source, 'reason')}`,
  ),
  TrainingStarted: recovery('retrain-blocked'),
  TrainingCompleted: recovery('retrain-blocked'),
  RetrainCancelled: recovery('retrain-blocked'),
  RetrainFailed: (source) => [
    ...recovery('retrain-blocked')(source),
    ...breach(
      'retrain-failed',
      (model) => `${model}: retrain failed`,
      () => `${text(source, 'retrainId')}: ${text(source, 'reason')}`,
    )(source),
  ],
  RetrainSucceeded: recovery('retrain-failed', 'retrain-blocked'),
  RolloutRolledBack: (source) => [
    ...recovery('approval')(source),
    ...breach(
      'rollout',
      (model) => `${model}: rollout rolled back`,
      () => `${text(source, 'rolloutId')}: ${text(source, 'reason')}`,
    )(source),
  ],
  RolloutAborted: recovery('approval'),
  RolloutSuperseded: recovery('approval'),
  ApprovalRequested: breach('approval', (model) => `${model}: approval waiting`, approvalWords),
  /** Told again as long as nobody has taken it on. */
  ApprovalReminded: breach('approval', (model) => `${model}: approval still waiting`, approvalWords),
  ApprovalDecided: recovery('approval'),
  ApprovalExpired: recovery('approval'),
  RolloutPromoted: recovery('rollout', 'approval'),
  RetrainingDecided: ruleAlert,
  CircuitOpened: breach(
    'circuit',
    (subject) => `orchestrator ${subject.slice('circuit.'.length)} does not answer`,
    (source) => text(source, 'reason'),
  ),
  CircuitClosed: recovery('circuit'),
} as const satisfies Readonly<Record<string, Rule>>;

/** The model that an event is about, or `circuit.<connection>`; undefined for neither. */
export function subjectOf({ streamId, event }: Pick<SourceEvent, 'streamId' | 'event'>): string | undefined {
  const connection = /^circuit#(.+)$/.exec(streamId)?.[1];
  if (connection !== undefined) return `circuit.${connection}`;
  return typeof event.modelId === 'string' ? event.modelId : undefined;
}

/** Nothing for an event that is not in the table. */
export function findingsOf(source: SourceEvent): readonly SourceFinding[] {
  const rules: Readonly<Record<string, Rule>> = notifyingEvents;
  return Object.hasOwn(rules, source.event.type) ? (rules[source.event.type]?.(source) ?? []) : [];
}

const approvalSchema = z.object({
  rolloutId: z.string(),
  percent: z.number(),
  expiresAt: z.string(),
  remindedAt: z.string().optional(),
});

function approvalWords({ event }: SourceEvent): string {
  const { rolloutId, percent, expiresAt, remindedAt } = approvalSchema.parse(event);
  const reminder = remindedAt === undefined ? '' : `, reminded at ${remindedAt}`;
  return `${rolloutId} waits for an approval of ${percent} % of the traffic until ${expiresAt}${reminder}`;
}

const healthSchema = z.object({ modelId: z.string(), causes: z.array(z.string()) });
const healthCauses = {
  performance: { severity: 'page', words: 'performance breached' },
  'estimated-performance': { severity: 'inform', words: 'estimated performance breached' },
  drift: { severity: 'inform', words: 'drift' },
  staleness: { severity: 'inform', words: 'stale' },
} as const;
type HealthCause = keyof typeof healthCauses;

function healthBreaches(source: SourceEvent): readonly Breach[] {
  const { modelId, causes } = healthSchema.parse(source.event);
  // The score is a mean of signals: beside one that has breached it says nothing of its own.
  const own = causes.filter((cause, _, all) => cause !== 'staleness-score' || all.length === 1);
  return [...new Set(own.map(healthCauseOf))].map((cause) => ({
    state: 'breach',
    cause,
    severity: healthCauses[cause].severity,
    title: `${modelId}: ${healthCauses[cause].words}`,
    detail: source.reason,
  }));
}

function healthCauseOf(cause: string): HealthCause {
  if (cause === 'performance') return 'performance';
  if (cause === 'estimatedPerformance') return 'estimated-performance';
  return cause === 'staleness-score' || cause === 'age' ? 'staleness' : 'drift';
}

function healthRecovery(source: SourceEvent): readonly SourceFinding[] {
  return recovery('performance', 'estimated-performance', 'drift', 'staleness', 'deprecation')(source);
}

const toldSchema = z.object({ then: z.string(), name: z.string(), reason: z.string() });
const decidedSchema = z.object({
  modelId: z.string(),
  record: z.object({ decision: z.object({ matched: z.array(toldSchema), besides: toldSchema.optional() }) }),
});

/** A rule that says `alert` holds until a decision is recorded in which none does. */
function ruleAlert(source: SourceEvent): readonly SourceFinding[] {
  const { modelId, record } = decidedSchema.parse(source.event);
  const { matched, besides } = record.decision;
  const told = [besides, ...matched].find((rule) => rule?.then === 'alert');
  if (told === undefined) return recovery('rule')(source);
  return [
    {
      state: 'breach',
      cause: 'rule',
      severity: 'inform',
      title: `${modelId}: rule ${told.name}`,
      detail: told.reason,
    },
  ];
}
