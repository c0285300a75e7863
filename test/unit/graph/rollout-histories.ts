import fc from 'fast-check';
import { defaultPolicy } from '../../../shared/domain/registry/policy.ts';
import type { TriggerRecord } from '../../../shared/domain/retraining/retrain.ts';
import type { RetrainEvent } from '../../../shared/domain/retraining/retrain-events.ts';
import type { GateResult } from '../../../shared/domain/rollout/gates/judge-gate.ts';
import type { Verdict } from '../../../shared/domain/rollout/rollout.ts';
import type { RolloutEvent } from '../../../shared/domain/rollout/rollout-events.ts';
import { hour, noPairs } from '../rollout/flight-rollouts.ts';

type Stored<E> = E & Record<string, unknown>;
/** Without what every event of the stream says. */
type Said<E> = E extends unknown ? Omit<E, 'schemaVersion' | 'modelId' | 'rolloutId' | 'retrainId'> : never;

const { rollout, validation } = defaultPolicy(2);
const better = { ...noPairs, n: 900, blocks: 6, relativeDifference: -0.04 };

export const rolloutStarted: Said<RolloutEvent> = {
  type: 'RolloutStarted',
  champion: 1,
  candidate: 2,
  policy: rollout,
  validationPolicy: validation,
  startedAt: hour(0),
};

export function validated(verdict: Verdict, ...gates: readonly GateResult['metric'][]): Said<RolloutEvent> {
  const judged = {
    n: 900,
    test: null,
    champion: 0.7,
    candidate: 0.72,
    improvement: 0.02,
    interval: null,
    pValue: null,
  };
  return {
    type: 'ValidationJudged',
    verdict,
    paired: better,
    reason: 'better',
    gates: gates.map((metric) => ({ ...judged, metric, limit: 0, verdict, reason: `${metric} is better` })),
    judgedAt: hour(1),
  };
}

export function stepStarted(step: number): Said<RolloutEvent> {
  return { type: 'CanaryStepStarted', step, percent: [0, 20, 50][step] ?? 0, startedAt: hour(step) };
}

export function judged(step: number, verdict: Verdict, relativeDifference = -0.04, at = 5): Said<RolloutEvent> {
  const arm = { n: 100, mean: 0.2 };
  const business = { metric: 'bookings', champion: arm, candidate: arm, relativeChange: 0.01, interval: null, verdict };
  const paired = { ...better, relativeDifference };
  const judgement = { step, percent: 20, judgedAt: hour(at), verdict, paired, business, reason: `it is ${verdict}` };
  return { type: 'CanaryStepJudged', judgement };
}

export const rolloutEnds = {
  promoted: { type: 'RolloutPromoted', endedAt: hour(9) },
  refused: { type: 'RolloutRefused', reason: 'it does not load', endedAt: hour(9) },
  'rolled-back': { type: 'RolloutRolledBack', reason: 'the loss has grown', endedAt: hour(9) },
  aborted: { type: 'RolloutAborted', reason: 'not now', endedAt: hour(9) },
  superseded: { type: 'RolloutSuperseded', candidate: 3, reason: 'version 3 takes its place', endedAt: hour(9) },
} as const satisfies Record<string, Said<RolloutEvent>>;

export const loadable: Said<RolloutEvent> = {
  type: 'LoadabilityChecked',
  verdict: 'pass',
  reason: 'digest equal',
  checkedAt: hour(0),
};
export const paused: Said<RolloutEvent> = { type: 'RolloutPaused', by: 'ada', reason: 'a holiday', pausedAt: hour(2) };

export function triggeredBy(cause: TriggerRecord['cause'], cascadeId?: string): TriggerRecord {
  const cascade = cascadeId === undefined ? {} : { cascadeId };
  return { cause, decidedAt: hour(0), policyVersion: 1, inputs: {}, reason: 'because', ...cascade };
}

export function retrainRequested(modelId: string, ...triggers: readonly TriggerRecord[]): Said<RetrainEvent> {
  return {
    type: 'RetrainRequested',
    runId: `${modelId}-r1-a1`,
    team: 'flights',
    tier: 2,
    stalenessScore: null,
    triggers,
    requestedAt: hour(0),
  };
}

export const retrainStarted: Said<RetrainEvent> = {
  type: 'RetrainStarted',
  startedAt: hour(1),
  trainingTimeoutSeconds: 60,
};

export function trainingStarted(modelId: string, connection = 'maestro'): Said<RetrainEvent> {
  const run = { connection, pipeline: 'ranker-train', id: 'ranker-train/7', requestedAt: hour(1) };
  return { type: 'TrainingStarted', runId: `${modelId}-r1-a1`, run };
}

export function trainingCompleted(modelId: string, modelVersion: number): Said<RetrainEvent> {
  const holdout = { uri: 's3://artifacts/holdout.ndjson', digest: 'sha256:1' };
  return {
    type: 'TrainingCompleted',
    runId: `${modelId}-r1-a1`,
    completion: { status: 'succeeded', modelVersion, holdout },
  };
}

export const retrainEnds = {
  requeued: { type: 'RetrainRequeued', reason: 'nobody answers', requeuedAt: hour(2) },
  failed: { type: 'RetrainFailed', reason: 'too late', endedAt: hour(9) },
  cancelled: { type: 'RetrainCancelled', reason: 'not now', endedAt: hour(9) },
} as const satisfies Record<string, Said<RetrainEvent>>;

export function ofRollout(modelId: string, event: Said<RolloutEvent>): Stored<RolloutEvent> {
  return { schemaVersion: 1, modelId, rolloutId: `${modelId}-o1`, ...event } as Stored<RolloutEvent>;
}

export function ofRetrain(modelId: string, event: Said<RetrainEvent>): Stored<RetrainEvent> {
  return { schemaVersion: 1, modelId, retrainId: `${modelId}-r1`, ...event } as Stored<RetrainEvent>;
}

const verdict = fc.constantFrom<Verdict[]>('pass', 'fail', 'inconclusive');
const step = fc.integer({ min: 0, max: 2 });
const laterInRollout = fc.oneof(
  fc.constantFrom(loadable, paused, ...Object.values(rolloutEnds)),
  verdict.map((each) => validated(each, 'auc', 'log-loss')),
  step.map(stepStarted),
  fc.tuple(step, verdict, fc.constantFrom(-0.04, 0.01)).map((given) => judged(...given)),
);

/** Begins with the start; after it anything may come, in any order. */
export function rolloutHistories(modelId: string): fc.Arbitrary<readonly Stored<RolloutEvent>[]> {
  return fc
    .array(laterInRollout, { maxLength: 10 })
    .map((later) => [rolloutStarted, ...later].map((event) => ofRollout(modelId, event)));
}

export function retrainHistories(modelId: string): fc.Arbitrary<readonly Stored<RetrainEvent>[]> {
  const trigger = fc.constantFrom(triggeredBy('drift'), triggeredBy('cascade', 'basic-v1'));
  const later = fc.oneof(
    fc.constantFrom<Said<RetrainEvent>>(retrainStarted, trainingStarted(modelId), trainingStarted(modelId, 'argo')),
    fc.constantFrom<Said<RetrainEvent>>({ type: 'RetrainReleased' }, ...Object.values(retrainEnds)),
    trigger.map((each): Said<RetrainEvent> => ({ type: 'RetrainTriggerAdded', trigger: each })),
    fc.integer({ min: 1, max: 3 }).map((version) => trainingCompleted(modelId, version)),
  );
  return fc
    .tuple(fc.array(trigger, { maxLength: 2 }), fc.array(later, { maxLength: 8 }))
    .map(([triggers, rest]) =>
      [retrainRequested(modelId, ...triggers), ...rest].map((event) => ofRetrain(modelId, event)),
    );
}
