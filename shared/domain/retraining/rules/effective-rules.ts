import type { Policy } from '../../registry/policy.ts';
import { backstopName, inOrder, type Rule } from './rule.ts';

/** As it is asked and recorded. `cause` of the retrain that it asks for: `policy` for an owner's own rule. */
export type EffectiveRule = Omit<Rule, 'name'> & {
  readonly name: string;
  readonly cause: 'performance' | 'drift' | 'schedule' | 'policy';
};

const performanceWhen = 'health.verdict == "at-risk" && signals.performance.verdict == "breach"';
const driftWhen =
  'health.verdict == "at-risk" && (signals.dataDrift.verdict == "breach" || signals.predictionDrift.verdict == "breach")';

/** Of a policy without rules: what its switches say. Performance comes first. */
function defaultRules({ onPerformance, onDrift }: Policy['retraining']): readonly EffectiveRule[] {
  const rule = (cause: 'performance' | 'drift', when: string, priority: number, reason: string): EffectiveRule => ({
    name: `on-${cause}`,
    when,
    then: 'retrain',
    priority,
    reason,
    cause,
  });
  return [
    ...(onPerformance ? [rule('performance', performanceWhen, 100, 'performance is in breach')] : []),
    ...(onDrift ? [rule('drift', driftWhen, 200, 'inputs or predictions have drifted')] : []),
  ];
}

/** In the order in which they are asked; the backstop, which no policy can lose, is the last. */
export function effectiveRules(retraining: Policy['retraining']): readonly EffectiveRule[] {
  const { rules, backstopDays } = retraining;
  const own = rules?.map((rule): EffectiveRule => ({ ...rule, cause: 'policy' })) ?? defaultRules(retraining);
  return [...inOrder(own), backstopRule(backstopDays)];
}

function backstopRule(days: number): EffectiveRule {
  return {
    name: backstopName,
    when: `model.trainingDataAgeDays >= ${days}`,
    then: 'retrain',
    priority: 1_000,
    reason: `the training data may be ${days} days old at most`,
    cause: 'schedule',
  };
}
