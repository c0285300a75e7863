import type { Evaluation, Signal } from '../../../shared/domain/health/evaluation.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import type { TriggerRecord } from '../../../shared/domain/retraining/retrain.ts';
import { dayMillis, type Instant, minuteMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';

/** `hold` is a sentence for people; `retrain` has at least one trigger, each of another cause. */
type TriggerDecision = { readonly retrain: readonly TriggerRecord[] } | { readonly hold: string };

/** After this many evaluation intervals a missing successor means that nobody knows how the model is now. */
const staleAfterIntervals = 2;

/**
 * How it was decided before there were rules, kept as it was: policies without rules have to give the same.
 * Whether the model is to be retrained on its own account, and why. `evaluation` is the latest scheduled one. Signals
 * count when that evaluation is fresh, of the present champion and policy, and found the model at risk; the backstop
 * counts always. An open retrain or rollout and the cooldown hold both.
 */
export function formerTrigger(model: ModelState, evaluation: Evaluation | undefined, now: Instant): TriggerDecision {
  const hold = holdReason(model, now);
  if (hold !== undefined) return { hold };
  const outdated = outdatedReason(model, evaluation, now);
  const bySignals = evaluation !== undefined && outdated === undefined ? signalTriggers(model, evaluation, now) : [];
  const retrain = [...bySignals, ...backstopTrigger(model, now)];
  if (retrain.length > 0) return { retrain };
  return { hold: outdated ?? `no signal that the policy acts on is in breach: ${evaluation?.summary}` };
}

/** What holds a retrain whatever the signals say; undefined when nothing does. */
function holdReason(model: ModelState, now: Instant): string | undefined {
  if (model.champion === undefined) return 'no version is deployed';
  if (model.lifecycle === 'deprecated' || model.lifecycle === 'retired') return `the model is ${model.lifecycle}`;
  if (model.openRetrain !== undefined) return `retrain ${model.openRetrain.retrainId} is open`;
  if (model.openRollout !== undefined) return `rollout ${model.openRollout.rolloutId} is open`;
  if (model.lifecycle === 'rollback') return 'a rollback is under way';
  const end = cooldownEnd(model);
  return end !== undefined && now < end
    ? `cooldown until ${end} (${model.policy.retraining.cooldownDays} days after the last request)`
    : undefined;
}

function cooldownEnd({ lastRetrainRequestedAt, policy }: ModelState): Instant | undefined {
  return lastRetrainRequestedAt === undefined
    ? undefined
    : toInstant(toMillis(lastRetrainRequestedAt) + policy.retraining.cooldownDays * dayMillis);
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

function signalTriggers(model: ModelState, evaluation: Evaluation, now: Instant): readonly TriggerRecord[] {
  if (evaluation.verdict !== 'at-risk') return [];
  const { onPerformance, onDrift } = model.policy.retraining;
  const breaches = evaluation.signals.filter((signal) => signal.verdict === 'breach');
  const performance = onPerformance ? breaches.filter((signal) => signal.name === 'performance') : [];
  const drift = onDrift
    ? breaches.filter((signal) => signal.name === 'dataDrift' || signal.name === 'predictionDrift')
    : [];
  return [
    ...(performance.length > 0 ? [fromSignals('performance', model, evaluation, performance, now)] : []),
    ...(drift.length > 0 ? [fromSignals('drift', model, evaluation, drift, now)] : []),
  ];
}

function fromSignals(
  cause: 'performance' | 'drift',
  model: ModelState,
  evaluation: Evaluation,
  signals: readonly Signal[],
  now: Instant,
): TriggerRecord {
  const limits = Object.fromEntries(signals.map(({ name }) => [name, evaluation.policy.signals[name]]));
  const { evaluationId, evaluatedAt, window, verdict, causes, confidence, stalenessScore, coverageRatio } = evaluation;
  return {
    cause,
    decidedAt: now,
    evaluationId,
    policyVersion: model.policyVersion,
    inputs: {
      ...sharedInputs(model, now),
      evaluation: { evaluatedAt, window, verdict, causes, confidence, stalenessScore, coverageRatio },
      signals,
      limits,
    },
    reason: signals.map((signal) => signal.reason).join('; '),
  };
}

function backstopTrigger(model: ModelState, now: Instant): readonly TriggerRecord[] {
  const inputs = sharedInputs(model, now);
  const { backstopDays } = model.policy.retraining;
  const { trainingDataAgeDays } = inputs;
  if (trainingDataAgeDays === undefined || trainingDataAgeDays < backstopDays) return [];
  const reason = `the training data ended ${trainingDataAgeDays.toFixed(1)} days ago (backstop ${backstopDays} days)`;
  return [{ cause: 'schedule', decidedAt: now, policyVersion: model.policyVersion, inputs, reason }];
}

/** The facts every trigger rests on, a manual one included. */
function sharedInputs(model: ModelState, now: Instant) {
  const trainingDataEnd = model.champion?.trainingDataEnd;
  return {
    lifecycle: model.lifecycle,
    health: model.health,
    championVersion: model.champion?.version,
    trainingDataEnd,
    trainingDataAgeDays:
      trainingDataEnd === undefined ? undefined : (toMillis(now) - toMillis(trainingDataEnd)) / dayMillis,
    lastRetrainRequestedAt: model.lastRetrainRequestedAt,
    retrainingPolicy: model.policy.retraining,
  };
}
