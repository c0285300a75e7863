import type { Evaluation, Signal, SignalName } from '../../health/evaluation.ts';
import type { ModelState } from '../../registry/model.ts';
import { dayMillis, type Instant, toMillis } from '../../time.ts';
import { isOffPeak } from './retraining-windows.ts';
import type { Spent } from './training-budget.ts';
import { type WallClock, wallClock } from './wall-clock.ts';

type SignalVariables = {
  readonly verdict: Signal['verdict'];
  readonly value?: number;
  readonly score?: number;
  readonly effect?: number;
  readonly pValue?: number;
  readonly n: number;
  readonly nNeeded: number;
  readonly maturity?: number;
};

/** Values of `ruleVariables`, as JSON; what is missing has no key. */
export type RuleVariables = {
  readonly signals: Readonly<Partial<Record<SignalName, SignalVariables>>>;
  /** `none`: no evaluation that says how the champion is now. */
  readonly confidence: 'high' | 'medium' | 'low' | 'none';
  readonly health: {
    readonly verdict: Evaluation['verdict'];
    readonly status: ModelState['health']['status'];
    readonly sinceDays: number;
    readonly stalenessScore?: number;
    readonly coverageRatio?: number;
    readonly causes: readonly string[];
  };
  readonly model: {
    readonly modelId: string;
    readonly tier: number;
    readonly team: string;
    readonly domain: string;
    readonly taskType: string;
    readonly lifecycle: string;
    readonly championVersion?: number;
    readonly trainingDataAgeDays?: number;
    readonly lastRetrainAgeDays?: number;
    readonly retrainCount: number;
  };
  readonly calendar: WallClock & { readonly timeZone: string; readonly isOffPeak: boolean };
  readonly budget: {
    readonly spentThisMonth?: number;
    readonly limit?: number;
    readonly remaining?: number;
    readonly teamSpentThisMonth?: number;
    readonly teamLimit?: number;
    readonly teamRemaining?: number;
  };
};

/** `evaluation` only when it says how the champion is now; `spent` only when the policy has a budget. */
export function ruleVariablesOf(
  model: ModelState,
  evaluation: Evaluation | undefined,
  spent: Spent | undefined,
  now: Instant,
): RuleVariables {
  const { offPeak, timeZone = 'UTC' } = model.policy.retraining;
  return {
    signals: Object.fromEntries((evaluation?.signals ?? []).map((signal) => [signal.name, signalOf(signal)])),
    confidence: evaluation?.confidence.level ?? 'none',
    health: {
      verdict: evaluation?.verdict ?? 'unknown',
      status: model.health.status,
      sinceDays: daysBetween(model.health.since, now),
      ...present({ stalenessScore: evaluation?.stalenessScore, coverageRatio: evaluation?.coverageRatio }),
      causes: evaluation?.causes ?? [],
    },
    model: modelOf(model, now),
    calendar: {
      timeZone,
      ...wallClock(now, timeZone),
      isOffPeak: offPeak === undefined || isOffPeak(offPeak, now),
    },
    budget: budgetOf(model.policy.retraining.budget, spent),
  };
}

function signalOf({ verdict, value, score, effect, evidence, n, nNeeded, maturity }: Signal): SignalVariables {
  return { verdict, ...present({ value, score, effect, pValue: evidence, maturity }), n, nNeeded };
}

function modelOf(model: ModelState, now: Instant): RuleVariables['model'] {
  const { definition, lifecycle, champion, lastRetrainRequestedAt, retrainCount } = model;
  const { team, tier, domain, taskType } = definition;
  return {
    modelId: model.modelId,
    tier,
    team,
    domain,
    taskType,
    lifecycle,
    ...present({
      championVersion: champion?.version,
      trainingDataAgeDays: champion && daysBetween(champion.trainingDataEnd, now),
      lastRetrainAgeDays: lastRetrainRequestedAt && daysBetween(lastRetrainRequestedAt, now),
    }),
    retrainCount,
  };
}

function budgetOf(
  limits: ModelState['policy']['retraining']['budget'],
  spent: Spent | undefined,
): RuleVariables['budget'] {
  if (limits === undefined || spent === undefined) return {};
  const { modelPerMonth, teamPerMonth } = limits;
  return present({
    spentThisMonth: spent.model,
    limit: modelPerMonth,
    remaining: modelPerMonth === undefined ? undefined : modelPerMonth - spent.model,
    teamSpentThisMonth: spent.team,
    teamLimit: teamPerMonth,
    teamRemaining: teamPerMonth === undefined ? undefined : teamPerMonth - spent.team,
  });
}

function daysBetween(from: Instant, to: Instant): number {
  return (toMillis(to) - toMillis(from)) / dayMillis;
}

/** Without what is not known. */
function present<K extends string>(values: Readonly<Record<K, unknown>>): { readonly [P in K]?: number } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'number')) as {
    readonly [P in K]?: number;
  };
}
