import type { HourlyPaired } from '../../shared/domain/ground-truth/aggregates.ts';
import { defaultPolicy } from '../../shared/domain/registry/policy.ts';
import { judgeStep } from '../../shared/domain/rollout/judge-step.ts';
import { canarySteps, type RolloutState } from '../../shared/domain/rollout/rollout.ts';
import { hourMillis, hourStart, type Instant, toInstant } from '../../shared/domain/time.ts';
import { createTraffic, type Situation } from './canary-traffic.ts';
import { draws } from './random.ts';

export type RolloutEnd = {
  readonly end: 'promoted' | 'failed' | 'out-of-time';
  readonly hours: number;
  /** Whether any step passed, wherever the rollout ended. */
  readonly hasPassed: boolean;
  readonly hasMismatch: boolean;
};

const tier3 = defaultPolicy(3);
/** As by default, but looked at every hour and with time to decide. */
export const policy = { ...tier3.rollout, holdHours: 1, maximumHoldHours: 48 };

const instant = (hours: number): Instant => toInstant(hours * hourMillis);
const businessMetric = { name: 'conversions', direction: 'higher-is-better' } as const;

/** One rollout from its first canary step to its end, by the verdicts that decide in earnest. */
export function simulateRollout(situation: Situation, seed: number): RolloutEnd {
  const nextHour = createTraffic(situation, draws(seed));
  const hours: HourlyPaired[] = [];
  let state = startedRollout();
  let [hasPassed, hasMismatch] = [false, false];
  for (let at = 1; ; at += 1) {
    hours.push(nextHour(at - 1, canarySteps(policy)[state.step]!));
    const now = instant(at);
    const counts = countsOf(state, hours);
    const data = { hours, businessMetric, counts: { served: counts, labelled: counts }, maturedUntil: now };
    const { judgement, next } = judgeStep(state, data, now);
    hasPassed ||= judgement.verdict === 'pass';
    hasMismatch ||= judgement.sampleRatio?.served.verdict === 'mismatch';
    const ended = { hours: at, hasPassed, hasMismatch };
    if (next === 'promote') return { end: 'promoted', ...ended };
    if (next === 'roll-back') return { end: judgement.verdict === 'fail' ? 'failed' : 'out-of-time', ...ended };
    if (next === 'advance') state = advanced(state, now);
  }
}

function countsOf({ stepStartedAt = '' }: RolloutState, hours: readonly HourlyPaired[]) {
  const counts = { champion: 0, candidate: 0 };
  for (const { hour, paired } of hours) {
    if (hourStart(hour) < stepStartedAt) continue;
    counts.champion += paired.arms.older.n;
    counts.candidate += paired.arms.newer.n;
  }
  return counts;
}

function advanced(state: RolloutState, now: Instant): RolloutState {
  return { ...state, step: state.step + 1, stepStartedAt: now, stepStarts: [...(state.stepStarts ?? []), now] };
}

function startedRollout(): RolloutState {
  return {
    rolloutId: 'simulated-o1',
    modelId: 'simulated',
    champion: 1,
    candidate: 2,
    policy,
    validationPolicy: tier3.validation,
    status: 'canary',
    startedAt: instant(0),
    step: 0,
    stepStartedAt: instant(0),
    stepStarts: [instant(0)],
    judgements: [],
  };
}
