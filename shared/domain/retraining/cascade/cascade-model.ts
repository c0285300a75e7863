import type { ModelState } from '../../registry/model.ts';
import { minuteMillis, toMillis } from '../../time.ts';
import type { RetrainState } from '../retrain.ts';
import { cooldownEnd } from '../rules/retrain-hold.ts';
import type { CascadeModel, CascadeRules } from './cascade-plan.ts';

/** How long after the last change upstream a model is looked at. */
export function cooldownOf(
  { companionOf }: Pick<CascadeModel, 'companionOf'>,
  { cooldownMinutes }: Pick<CascadeRules, 'cooldownMinutes'>,
): number {
  return companionOf === undefined ? cooldownMinutes : 0;
}

/** A training that nobody has timed yet is expected to take so long. */
export const assumedTrainingMinutes = 60;

/** What holds for every cascade, limits on retrains apart. */
export const cascadeRules = {
  cooldownMinutes: 240,
  blastRadius: { dependants: 50, batchSize: 10, window: { from: '22:00', to: '06:00', timeZone: 'UTC' } },
} as const satisfies Partial<CascadeRules>;

/**
 * What the planner knows of a model by its state and its latest retrains, newest first. A cost in another currency than
 * `currency` counts as unknown.
 */
export function cascadeModel(model: ModelState, retrains: readonly RetrainState[], currency: string): CascadeModel {
  const { modelId, definition, lifecycle, policy, openRetrain, openRollout } = model;
  const { enabled = true, ...cascade } = policy.retraining.cascade ?? {};
  const last = retrains.find(({ status }) => status === 'succeeded');
  return {
    modelId,
    team: definition.team,
    tier: definition.tier,
    lifecycle,
    isDeployed: model.champion !== undefined,
    stalenessScore: retrains[0]?.stalenessScore ?? null,
    expectedCost: costOf(last, currency),
    trainingMinutes: minutesOf(last) ?? assumedTrainingMinutes,
    rolloutMinutes: policy.rollout.steps.filter((percent) => percent < 100).length * policy.rollout.holdHours * 60,
    cooldownEndsAt: cooldownEnd(model.lastRetrainRequestedAt, policy.retraining.cooldownDays),
    openRetrain: openRetrain?.retrainId,
    openRollout: openRollout?.rolloutId,
    companionOf: definition.companionOf,
    cascade: { isOn: enabled, ...cascade },
  };
}

function costOf(retrain: RetrainState | undefined, currency: string): number | null {
  const cost = retrain?.completion?.cost;
  return cost?.currency === currency ? cost.amount : null;
}

function minutesOf(retrain: RetrainState | undefined): number | undefined {
  if (retrain?.startedAt === undefined || retrain.endedAt === undefined) return undefined;
  return (toMillis(retrain.endedAt) - toMillis(retrain.startedAt)) / minuteMillis;
}
