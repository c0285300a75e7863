import type { Policy } from '../registry/policy.ts';
import { dayMillis, type Instant, toMillis } from '../time.ts';
import type { Signal } from './evaluation.ts';
import { daysText } from './figures.ts';
import { scoreOf, verdictOf } from './severity.ts';

/** Days since the end of the champion's training data. No test: time passes without error. */
export function ageSignal(policy: Policy, trainingDataEnd: Instant, now: Instant): Signal {
  const { warningDays, breachDays } = policy.signals.age;
  const limits = { warning: warningDays, breach: breachDays };
  const days = Math.max(0, (toMillis(now) - toMillis(trainingDataEnd)) / dayMillis);
  return {
    name: 'age',
    value: days,
    unit: 'days',
    score: scoreOf(days, limits),
    evidence: null,
    effect: days / breachDays,
    n: 0,
    nNeeded: 0,
    verdict: verdictOf(days, limits, 'significant'),
    reason: `training data ended ${daysText(days)} ago (warning at ${warningDays}, breach at ${breachDays})`,
    parts: [],
  };
}
