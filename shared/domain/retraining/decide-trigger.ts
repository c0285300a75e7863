import type { Evaluation, Signal } from '../health/evaluation.ts';
import type { ModelState } from '../registry/model.ts';
import type { Instant } from '../time.ts';
import type { TriggerRecord } from './retrain.ts';
import { compileRule } from './rules/compile-rule.ts';
import { type DecisionContext, decisionFactsOf, noContext } from './rules/decision-facts.ts';
import { type DecisionRecord, recordDecision } from './rules/decision-record.ts';
import type { EffectiveRule } from './rules/effective-rules.ts';
import { sharedInputs } from './trigger-inputs.ts';

/** What was decided about a model; `triggers` of a retrain are one per cause, and there are none of anything else. */
export type ModelDecision = { readonly record: DecisionRecord; readonly triggers: readonly TriggerRecord[] };

/** `hold` is a sentence for people; `retrain` has at least one trigger, each of another cause. */
export type TriggerDecision = { readonly retrain: readonly TriggerRecord[] } | { readonly hold: string };

/**
 * Whether the model is to be retrained on its own account, and why. `evaluation` is the latest scheduled one. Its signals
 * count when it is fresh, and of the present champion and policy; the backstop counts always.
 */
export function decideTrigger(
  model: ModelState,
  evaluation: Evaluation | undefined,
  now: Instant,
  context: DecisionContext = noContext,
): TriggerDecision {
  const { record, triggers } = decideModelRetraining(model, evaluation, now, context);
  return triggers.length > 0 ? { retrain: triggers } : { hold: record.decision.reason };
}

/** The same, with all that is to be recorded. */
export function decideModelRetraining(
  model: ModelState,
  evaluation: Evaluation | undefined,
  now: Instant,
  context: DecisionContext,
): ModelDecision {
  const record = recordDecision(decisionFactsOf(model, evaluation, context, now));
  const { action, matched } = record.decision;
  if (action !== 'retrain') return { record, triggers: [] };
  const names = matched.map(({ name }) => name);
  const rules = record.facts.rules.filter(({ name }) => names.includes(name));
  const causes = [...new Set(rules.map(({ cause }) => cause))];
  const triggers = causes.map((cause) => {
    const ofCause = rules.filter((rule) => rule.cause === cause);
    return cause === 'schedule'
      ? backstopTrigger(model, record, now)
      : ruleTrigger(cause, ofCause, { model, evaluation, record, now });
  });
  return { record, triggers };
}

type About = {
  readonly model: ModelState;
  readonly evaluation: Evaluation | undefined;
  readonly record: DecisionRecord;
  readonly now: Instant;
};

function ruleTrigger(
  cause: 'performance' | 'drift' | 'policy',
  rules: readonly EffectiveRule[],
  { model, evaluation, record, now }: About,
): TriggerRecord {
  const { facts, decisionId } = record;
  const counted = facts.outdated === undefined ? evaluation : undefined;
  const signals = counted === undefined ? [] : signalsBehind(rules, counted);
  const own = cause === 'policy' ? rules.map(({ reason }) => reason) : [];
  return {
    cause,
    decidedAt: now,
    ...(counted !== undefined && { evaluationId: counted.evaluationId }),
    policyVersion: model.policyVersion,
    inputs: {
      ...sharedInputs(model, now),
      decisionId,
      ...(counted !== undefined && evaluationInputs(counted, signals)),
      rules: rules.map(({ name, when }) => ({ name, when })),
    },
    reason: [...own, ...signals.map(({ reason }) => reason)].join('; '),
  };
}

/** Of what the rules speak of, what has gone wrong. */
function signalsBehind(rules: readonly EffectiveRule[], { signals }: Evaluation): readonly Signal[] {
  const named = new Set(rules.flatMap(({ when }) => compileRule(when).signals));
  const isOwn = rules.some(({ cause }) => cause === 'policy');
  return signals.filter(
    ({ name, verdict }) => named.has(name) && (verdict === 'breach' || (isOwn && verdict === 'warning')),
  );
}

function evaluationInputs(evaluation: Evaluation, signals: readonly Signal[]) {
  const { evaluatedAt, window, verdict, causes, confidence, stalenessScore, coverageRatio, policy } = evaluation;
  return {
    evaluation: { evaluatedAt, window, verdict, causes, confidence, stalenessScore, coverageRatio },
    signals,
    limits: Object.fromEntries(signals.map(({ name }) => [name, policy.signals[name]])),
  };
}

function backstopTrigger(model: ModelState, { decisionId }: DecisionRecord, now: Instant): TriggerRecord {
  const inputs = { ...sharedInputs(model, now), decisionId };
  const { backstopDays } = model.policy.retraining;
  const reason = `the training data ended ${inputs.trainingDataAgeDays?.toFixed(1)} days ago (backstop ${backstopDays} days)`;
  return { cause: 'schedule', decidedAt: now, policyVersion: model.policyVersion, inputs, reason };
}
