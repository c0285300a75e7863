import type { ArmSums, HourlyPaired } from '../../../shared/domain/ground-truth/aggregates.ts';
import { defaultPolicy, type Policy } from '../../../shared/domain/registry/policy.ts';
import { decideRollout } from '../../../shared/domain/rollout/decide-rollout.ts';
import { evolveRollout } from '../../../shared/domain/rollout/evolve-rollout.ts';
import type { PairedEvidence, RolloutState, StepJudgement, Verdict } from '../../../shared/domain/rollout/rollout.ts';
import type { RolloutCommand } from '../../../shared/domain/rollout/rollout-events.ts';
import { hourMillis, hourOf, type Instant, toInstant, toMillis } from '../../../shared/domain/time.ts';

export const startedAt: Instant = '2001-02-05T00:00:00.000Z';

/** The start of the rollout plus so many hours. */
export function hour(hours: number): Instant {
  return toInstant(toMillis(startedAt) + hours * hourMillis);
}

export const noPairs: PairedEvidence = {
  n: 0,
  blocks: 0,
  championLoss: null,
  candidateLoss: null,
  relativeDifference: null,
  interval: null,
};

export function start(
  change: Partial<Policy['rollout']> = {},
  versions = { champion: 1, candidate: 2 },
): RolloutCommand {
  const { rollout, validation } = defaultPolicy(2);
  return {
    type: 'StartRollout',
    rolloutId: 'late-basic-o1',
    modelId: 'late-basic',
    ...versions,
    policy: { ...rollout, ...change },
    validationPolicy: validation,
  };
}

export const loads: RolloutCommand = { type: 'RecordLoadability', verdict: 'pass', reason: 'digest equal' };
export const validates: RolloutCommand = {
  type: 'RecordValidation',
  verdict: 'pass',
  paired: noPairs,
  reason: 'better',
};

export function judges(step: number, verdict: Verdict, judgedAt: Instant): RolloutCommand {
  const judgement: StepJudgement = {
    step,
    percent: [5, 20, 50][step] ?? 0,
    judgedAt,
    verdict,
    paired: noPairs,
    reason: verdict,
  };
  return { type: 'RecordJudgement', judgement };
}

/** State after commands, each decided one hour after the one before. */
export function rolloutAfter(...commands: readonly RolloutCommand[]): RolloutState {
  const state = commands.reduce<RolloutState | undefined>(
    (before, command, index) =>
      decideRollout(command, before, hour(index)).reduce<RolloutState | undefined>(evolveRollout, before),
    undefined,
  );
  if (state === undefined) throw new Error('no rollout was started');
  return state;
}

/** In its first canary step since `stepStartedAt`. */
export function inCanary(
  change: Partial<Policy['rollout']> = {},
  versions = { champion: 1, candidate: 2 },
): RolloutState {
  return {
    ...rolloutAfter(start(change, versions), loads, validates, { type: 'StartStep', step: 0 }),
    stepStartedAt: startedAt,
    stepStarts: [startedAt],
  };
}

export const noArm: ArmSums = { n: 0, sum: 0, sumSquares: 0 };

/** One hour in which both versions scored; `olderLoss` and `difference` are sums over its `n` requests. */
export function pairedHour(
  hours: number,
  n: number,
  olderLoss: number,
  difference: number,
  arms = { older: noArm, newer: noArm },
): HourlyPaired {
  const paired = {
    n,
    sumOlderLoss: olderLoss,
    sumNewerLoss: olderLoss + difference,
    sumDifference: difference,
    sumSquaredDifference: difference ** 2 / Math.max(1, n),
    arms,
  };
  return { hour: hourOf(hour(hours)), paired };
}
