import type { Policy } from '../../registry/policy.ts';
import { decideTrigger } from '../../retraining/decide-trigger.ts';
import type { Instant } from '../../time.ts';
import type { Baseline } from '../baseline.ts';
import { buildEvaluation } from '../build-evaluation.ts';
import type { Evaluation } from '../evaluation.ts';
import { type EvaluationInputs, factsOf } from '../evaluation-inputs.ts';
import { statusToReport } from '../status-to-report.ts';

/** What was recorded when a model was evaluated, with the baseline it was held against. */
export type RecordedMoment = { readonly inputs: EvaluationInputs; readonly baseline: Baseline | undefined };

export type PolicyAlert = {
  readonly at: Instant;
  /** When a trusted evaluation cleared it, or the version was replaced; null when it stood at the end. */
  readonly until: Instant | null;
  readonly version: number;
  readonly causes: Evaluation['causes'];
  readonly reason: string;
};

export type PolicyRetrain = { readonly at: Instant; readonly causes: readonly string[] };

export type PolicyRun = {
  readonly alerts: readonly PolicyAlert[];
  readonly retrains: readonly PolicyRetrain[];
  /** Share of the evaluations at which the model was held to be at risk. */
  readonly atRiskRatio: number;
};

type Draft = { -readonly [K in keyof PolicyAlert]: PolicyAlert[K] };

/**
 * What a policy would have said and asked for, had it been in force while the moments were recorded (ascending). Each
 * evaluation is made by the code that makes real ones, and rests on the policy's own evaluation before it; retrains keep
 * its cooldown. The history stays as it was: a retrain that the policy asks for here brings no better version.
 */
export function runPolicy(moments: Iterable<RecordedMoment>, policy: Policy, onJudged?: () => void): PolicyRun {
  const alerts: Draft[] = [];
  const retrains: PolicyRetrain[] = [];
  let previous: Evaluation | undefined;
  let open: Draft | undefined;
  let lastRetrainRequestedAt: Instant | undefined;
  let [evaluations, atRisk] = [0, 0];
  for (const { inputs, baseline } of moments) {
    const isSameVersion = previous?.version === inputs.champion.version;
    if (open !== undefined && !isSameVersion) [open.until, open] = [inputs.evaluatedAt, undefined];
    const health: typeof inputs.model.health =
      open === undefined
        ? { status: 'healthy', since: inputs.evaluatedAt }
        : { status: 'at-risk', since: open.at, causes: open.causes };
    const model = { ...inputs.model, policy, health };
    const evaluation = buildEvaluation({
      ...factsOf(inputs, baseline),
      model,
      previous: isSameVersion ? previous : undefined,
    });
    const status = statusToReport(evaluation);
    if (status === 'at-risk' && open === undefined) {
      open = alertOf(evaluation);
      alerts.push(open);
    }
    if (status === 'healthy' && open !== undefined) [open.until, open] = [evaluation.evaluatedAt, undefined];
    if (open !== undefined) atRisk += 1;
    const asked = retrainOf(model, evaluation, lastRetrainRequestedAt);
    if (asked !== undefined) {
      retrains.push(asked);
      lastRetrainRequestedAt = asked.at;
    }
    previous = evaluation;
    evaluations += 1;
    onJudged?.();
  }
  return { alerts, retrains, atRiskRatio: evaluations === 0 ? 0 : atRisk / evaluations };
}

function alertOf({ evaluatedAt, version, causes, summary }: Evaluation): Draft {
  return { at: evaluatedAt, until: null, version, causes, reason: summary };
}

/** As the retraining capability decides, but for what stood open in the recorded history. */
function retrainOf(
  model: EvaluationInputs['model'],
  evaluation: Evaluation,
  lastRetrainRequestedAt: Instant | undefined,
): PolicyRetrain | undefined {
  const { openRetrain: _retrain, openRollout: _rollout, lastRetrainRequestedAt: _last, ...rest } = model;
  const lifecycle = model.lifecycle === 'rollback' || model.lifecycle === 'retraining' ? 'monitoring' : model.lifecycle;
  const free = { ...rest, lifecycle, ...(lastRetrainRequestedAt === undefined ? {} : { lastRetrainRequestedAt }) };
  const decision = decideTrigger(free, evaluation, evaluation.evaluatedAt);
  if (!('retrain' in decision)) return undefined;
  return { at: evaluation.evaluatedAt, causes: decision.retrain.map(({ cause }) => cause) };
}
