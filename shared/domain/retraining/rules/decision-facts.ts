import type { Evaluation } from '../../health/evaluation.ts';
import type { ModelState } from '../../registry/model.ts';
import type { Policy } from '../../registry/policy.ts';
import { type Instant, minuteMillis, toMillis } from '../../time.ts';
import { type EffectiveRule, effectiveRules } from './effective-rules.ts';
import type { Freeze } from './retraining-windows.ts';
import { type RuleVariables, ruleVariablesOf } from './rule-variables.ts';
import { type Spent, spentOf, type TrainingCosts } from './training-budget.ts';

/** Everything a decision rests on, as plain values: from these alone it is made again. */
export type DecisionFacts = {
  readonly modelId: string;
  readonly decidedAt: Instant;
  readonly policyVersion: number;
  /** Without rules, which `rules` has as they were asked. */
  readonly settings: Omit<Policy['retraining'], 'rules'>;
  /** Of the stage: they hold all models. */
  readonly stageFreezes: readonly Freeze[];
  readonly rules: readonly EffectiveRule[];
  readonly variables: RuleVariables;
  readonly state: Pick<ModelState, 'lifecycle' | 'lastRetrainRequestedAt'> & {
    readonly champion?: number;
    readonly openRetrain?: string;
    readonly openRollout?: string;
    /** The cascade that retrains it once all that it depends on has ended. */
    readonly awaitedBy?: string;
  };
  readonly evaluation?: Pick<Evaluation, 'evaluationId' | 'summary'>;
  /** Why the latest evaluation is not counted. */
  readonly outdated?: string;
};

/** What beside the model and its evaluation bears on a decision. */
export type DecisionContext = {
  readonly stageFreezes: readonly Freeze[];
  /** Of the model's team in this month; needed only where the policy has a budget. */
  readonly costs: TrainingCosts | undefined;
  /** The cascade in which the model waits. @default none */
  readonly awaitedBy?: string | undefined;
};

export const noContext: DecisionContext = { stageFreezes: [], costs: undefined };

/** After this many evaluation intervals a missing successor means that nobody knows how the model is now. */
const staleAfterIntervals = 2;

/** `evaluation` is the latest scheduled one; it counts while fresh, and of the present champion and policy. */
export function decisionFactsOf(
  model: ModelState,
  evaluation: Evaluation | undefined,
  { stageFreezes, costs, awaitedBy }: DecisionContext,
  now: Instant,
): DecisionFacts {
  const { modelId, policyVersion, lifecycle, champion, openRetrain, openRollout, lastRetrainRequestedAt } = model;
  const { rules: _, ...settings } = model.policy.retraining;
  const outdated = outdatedReason(model, evaluation, now);
  return {
    modelId,
    decidedAt: now,
    policyVersion,
    settings,
    stageFreezes,
    rules: effectiveRules(model.policy.retraining),
    variables: ruleVariablesOf(model, outdated === undefined ? evaluation : undefined, spentBy(model, costs), now),
    state: {
      lifecycle,
      ...(lastRetrainRequestedAt !== undefined && { lastRetrainRequestedAt }),
      ...(champion && { champion: champion.version }),
      ...(openRetrain && { openRetrain: openRetrain.retrainId }),
      ...(openRollout && { openRollout: openRollout.rolloutId }),
      ...(awaitedBy !== undefined && { awaitedBy }),
    },
    ...(evaluation && { evaluation: { evaluationId: evaluation.evaluationId, summary: evaluation.summary } }),
    ...(outdated !== undefined && { outdated }),
  };
}

function spentBy({ modelId, policy }: ModelState, costs: TrainingCosts | undefined): Spent | undefined {
  const { budget } = policy.retraining;
  if (budget === undefined) return undefined;
  return costs === undefined ? { model: 0, team: 0 } : spentOf(costs, modelId, budget.currency);
}

function outdatedReason(model: ModelState, evaluation: Evaluation | undefined, now: Instant): string | undefined {
  if (evaluation === undefined) return 'no evaluation yet';
  const limitMinutes = staleAfterIntervals * model.policy.evaluationIntervalMinutes;
  const ageMinutes = (toMillis(now) - toMillis(evaluation.evaluatedAt)) / minuteMillis;
  if (ageMinutes > limitMinutes)
    return `the latest evaluation is ${Math.round(ageMinutes)} minutes old (acted on within ${limitMinutes})`;
  if (evaluation.version !== model.champion?.version)
    return `the latest evaluation is of version ${evaluation.version}, which is not the champion`;
  if (evaluation.policyVersion !== model.policyVersion)
    return `the latest evaluation was made under policy version ${evaluation.policyVersion}`;
  return undefined;
}
