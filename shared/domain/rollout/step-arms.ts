import type { HourlyPaired } from '../ground-truth/aggregates.ts';
import type { ModelDefinition } from '../registry/schemas.ts';
import { hourMillis, hourOf, hourStart, toMillis } from '../time.ts';
import type { ArmHour } from './arm-difference.ts';
import { type BusinessResult, businessVerdict } from './business-verdict.ts';
import { nextHour } from './matured-window.ts';
import { canarySteps, type RolloutState, type SampleRatios } from './rollout.ts';
import { type ArmCounts, sampleRatio } from './sample-ratio.ts';
import { sampleRatioSignificance } from './significance.ts';

/**
 * The arms' business metric over all steps, compared within hours; an hour in which the shares changed is left out. A pass
 * asks for the minimum of rows in the running step, since what was seen at 5 % says nothing of the load at 50 %.
 */
export function judgeArms(
  rollout: RolloutState,
  hours: readonly HourlyPaired[],
  metric: ModelDefinition['businessMetric'],
  significance: number,
): BusinessResult | undefined {
  const { policy, stepStartedAt } = rollout;
  if (metric === undefined || stepStartedAt === undefined) return undefined;
  const arms = armHours(rollout, hours);
  const limits = {
    metric,
    dropRatio: policy.businessDropRatio,
    significance,
    minimumRowsPerArm: policy.minimumRowsPerArm,
  };
  const result = businessVerdict(arms, limits);
  if (result.evidence.verdict !== 'pass') return result;
  const from = nextHour(stepStartedAt);
  const ofStep = arms.filter(({ hour }) => hourStart(hour) >= from);
  const rows = (arm: 'champion' | 'candidate') => ofStep.reduce((sum, { [arm]: { n } }) => sum + n, 0);
  const has = Math.min(rows('champion'), rows('candidate'));
  if (has >= policy.minimumRowsPerArm) return result;
  const reason = `needs ${policy.minimumRowsPerArm} rows per arm in this step, has ${has}; ${result.reason}`;
  return { evidence: { ...result.evidence, verdict: 'inconclusive' }, reason };
}

function armHours(rollout: RolloutState, hours: readonly HourlyPaired[]): readonly ArmHour[] {
  const { champion, candidate, step, stepStartedAt = '', stepStarts = [] } = rollout;
  const isNewer = candidate > champion;
  // Without the starts of the earlier steps their changing hours are not known.
  const starts = stepStarts.length === step + 1 ? stepStarts : [stepStartedAt];
  const from = nextHour(starts[0]!);
  const mixed = new Set(starts.flatMap((start) => (toMillis(start) % hourMillis === 0 ? [] : [hourOf(start)])));
  return hours
    .filter(({ hour }) => hourStart(hour) >= from && !mixed.has(hour))
    .map(({ hour, paired: { arms } }) =>
      isNewer
        ? { hour, champion: arms.older, candidate: arms.newer }
        : { hour, champion: arms.newer, candidate: arms.older },
    );
}

/** Whether the arms of the running step have the rows that the routing table gives them. */
export function sampleRatiosOf(
  { policy, step }: RolloutState,
  counts: { readonly served: ArmCounts; readonly labelled: ArmCounts },
): SampleRatios {
  const steps = canarySteps(policy);
  const expected = (steps[step] ?? 0) / 100;
  const significance = sampleRatioSignificance / (2 * steps.length);
  return {
    served: sampleRatio(counts.served, expected, significance),
    labelled: sampleRatio(counts.labelled, expected, significance),
  };
}
