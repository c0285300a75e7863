import type { ModelRow } from '../registry/model-row.ts';
import { type Instant, minuteMillis, toMillis } from '../time.ts';
import type { Evaluation } from './evaluation.ts';
import { daysOf, type HealthRow } from './health-row.ts';

/** After this many intervals without an evaluation nobody knows how the model is now. */
const overdueIntervals = 2;

/** One line of the fleet: what is known of a model, and what is being done about it. */
export type FleetRow = Pick<ModelRow, 'modelId' | 'name' | 'team' | 'tier' | 'domain' | 'lifecycle'> & {
  readonly champion?: number;
  readonly verdict: Evaluation['verdict'];
  readonly verdictSince: Instant;
  readonly summary: string;
  readonly stalenessScore: number | null;
  readonly confidence: Evaluation['confidence'] | null;
  readonly lastEvaluatedAt: Instant | null;
  readonly overdue: boolean;
  readonly openRetrain?: {
    readonly retrainId: string;
    readonly status: 'queued' | 'running';
    readonly since: Instant;
  };
  readonly openRollout?: {
    readonly rolloutId: string;
    readonly status: 'validating' | 'canary' | 'rolling-back';
    readonly percent?: number;
  };
};

type Facts = {
  readonly model: ModelRow;
  readonly health: HealthRow | undefined;
  readonly runningRetrains: ReadonlySet<string>;
  readonly now: Instant;
};

export function fleetRow({ model, health, runningRetrains, now }: Facts): FleetRow {
  const { modelId, name, team, tier, domain, lifecycle, champion, openRetrain } = model;
  const about = { modelId, name, team, tier, domain, lifecycle };
  return {
    ...about,
    ...(champion && { champion: champion.version }),
    ...verdictOf(model, health),
    overdue: isOverdue(model, health, now),
    ...(openRetrain && {
      openRetrain: { ...openRetrain, status: runningRetrains.has(openRetrain.retrainId) ? 'running' : 'queued' },
    }),
    ...rolloutOf(model),
  };
}

/** The strip of the last 30 days; only the page that is shown needs it. */
export function fleetDays(health: HealthRow | undefined) {
  return health === undefined ? [] : daysOf(health);
}

function verdictOf({ champion, registeredAt, evaluationIntervalMinutes }: ModelRow, health: HealthRow | undefined) {
  if (health !== undefined && health.version === champion?.version) {
    const { verdict, verdictSince, summary, stalenessScore, confidence, evaluatedAt } = health;
    return { verdict, verdictSince, summary, stalenessScore, confidence, lastEvaluatedAt: evaluatedAt };
  }
  const missing =
    champion === undefined
      ? 'no version is deployed'
      : `version ${champion.version} has not been evaluated yet (every ${evaluationIntervalMinutes} minutes)`;
  return {
    verdict: 'unknown' as const,
    verdictSince: champion?.since ?? registeredAt,
    summary: `unknown: ${missing}`,
    stalenessScore: null,
    confidence: null,
    lastEvaluatedAt: null,
  };
}

function isOverdue(model: ModelRow, health: HealthRow | undefined, now: Instant): boolean {
  const { champion, lifecycle, evaluationIntervalMinutes } = model;
  if (champion === undefined || lifecycle === 'retired') return false;
  const since = health !== undefined && health.evaluatedAt > champion.since ? health.evaluatedAt : champion.since;
  return toMillis(now) - toMillis(since) > overdueIntervals * evaluationIntervalMinutes * minuteMillis;
}

function rolloutOf({ openRollout, lifecycle }: ModelRow): Pick<FleetRow, 'openRollout'> {
  if (openRollout === undefined) return {};
  const underWay = openRollout.percent === undefined ? 'validating' : 'canary';
  return { openRollout: { ...openRollout, status: lifecycle === 'rollback' ? 'rolling-back' : underWay } };
}
