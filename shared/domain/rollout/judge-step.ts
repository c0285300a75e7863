import type { ArmSums, HourlyPaired } from '../ground-truth/aggregates.ts';
import type { ModelDefinition } from '../registry/schemas.ts';
import { hourMillis, hourStart, type Instant, toInstant, toMillis } from '../time.ts';
import { type BusinessResult, businessVerdict } from './business-verdict.ts';
import { candidateLosses, lossBlocks } from './loss-blocks.ts';
import { type PairedResult, pairedVerdict } from './paired-verdict.ts';
import { significancePerLook } from './planned-looks.ts';
import { canarySteps, type RolloutState, type StepJudgement, type Verdict } from './rollout.ts';

/** What the workflow does next. */
export type NextMove = 'advance' | 'promote' | 'hold' | 'roll-back';
export type StepDecision = {
  readonly judgement: StepJudgement;
  readonly next: NextMove;
  /** Until the next look; 0 unless holding. */
  readonly holdSeconds: number;
};

export type StepData = {
  /** Matured hours since the rollout began, see `maturedWindow`. */
  readonly hours: readonly HourlyPaired[];
  readonly businessMetric: ModelDefinition['businessMetric'];
};

// With fewer days than a week the t quantile at a Bonferroni level costs more than the days' dependence does: at 4
// degrees of freedom and 0.2 % it is 5.6 standard errors, against 2.9 for many hours.
const minimumDays = 7;

/**
 * The hours that may be judged: of predictions made since the rollout began, and whose attribution window has closed, so
 * that late bad outcomes cannot be missing. Whole hours; empty when `from` is not before `to`.
 */
export function maturedWindow(
  rollout: RolloutState,
  attributionWindowMinutes: number,
  now: Instant,
): { readonly from: Instant; readonly to: Instant } {
  const closed = toMillis(now) - attributionWindowMinutes * 60_000;
  return { from: nextHour(rollout.startedAt), to: toInstant(Math.floor(closed / hourMillis) * hourMillis) };
}

/**
 * Judges the running step: `fail` when the paired loss or the business metric fails; `pass` when the paired loss passes
 * and the business metric passes, is not required, is not defined, or has run out of time under a policy that then
 * promotes on the paired verdict; else `inconclusive`, which holds until the step's maximum and then rolls back.
 */
export function judgeStep(rollout: RolloutState, data: StepData, now: Instant): StepDecision {
  const { policy, step } = rollout;
  const significance = significancePerLook(policy, data.businessMetric === undefined ? 1 : 2);
  const paired = judgePaired(rollout, data.hours, significance);
  const business = judgeBusiness(rollout, data, significance);
  const elapsed = elapsedHours(rollout, now);
  const { verdict, reason } = combine(rollout, paired, business, elapsed >= policy.maximumHoldHours);
  const judgement = {
    step,
    percent: canarySteps(policy)[step] ?? 0,
    judgedAt: now,
    verdict,
    paired: paired.paired,
    ...(business && { business: business.evidence }),
    reason,
  };
  return { judgement, ...nextMove(rollout, verdict, elapsed) };
}

/** Since the running step started. */
export function elapsedHours({ stepStartedAt }: RolloutState, now: Instant): number {
  return stepStartedAt === undefined ? 0 : (toMillis(now) - toMillis(stepStartedAt)) / hourMillis;
}

/** What follows from a verdict on the running step, `elapsed` hours after its start. */
export function nextMove(
  { policy, step }: RolloutState,
  verdict: Verdict,
  elapsed: number,
): Pick<StepDecision, 'next' | 'holdSeconds'> {
  if (verdict === 'fail') return { next: 'roll-back', holdSeconds: 0 };
  if (verdict === 'pass')
    return { next: step === canarySteps(policy).length - 1 ? 'promote' : 'advance', holdSeconds: 0 };
  const leftHours = policy.maximumHoldHours - elapsed;
  return leftHours <= 0
    ? { next: 'roll-back', holdSeconds: 0 }
    : { next: 'hold', holdSeconds: Math.ceil(Math.min(policy.holdHours, leftHours) * 3_600) };
}

function judgePaired(
  { champion, candidate, policy }: RolloutState,
  hours: readonly HourlyPaired[],
  significance: number,
): PairedResult {
  const candidateIs = candidate > champion ? 'newer' : 'older';
  const blocks = lossBlocks(
    hours.map((hour) => candidateLosses(hour, candidateIs)),
    minimumDays,
  );
  return pairedVerdict(blocks, {
    marginRatio: policy.nonInferiorityMarginRatio,
    significance,
    minimumRows: policy.minimumRowsPerArm,
  });
}

/** Only hours of the running step: pooled over steps, the arms' shares would confound the metric with the days. */
function judgeBusiness(
  { champion, candidate, policy, stepStartedAt }: RolloutState,
  { hours, businessMetric }: StepData,
  significance: number,
): BusinessResult | undefined {
  if (businessMetric === undefined || stepStartedAt === undefined) return undefined;
  const from = nextHour(stepStartedAt);
  const arms = hours.filter(({ hour }) => hourStart(hour) >= from).map(({ paired }) => paired.arms);
  const older = sumArms(arms.map((arm) => arm.older));
  const newer = sumArms(arms.map((arm) => arm.newer));
  const limits = {
    metric: businessMetric,
    dropRatio: policy.businessDropRatio,
    significance,
    minimumRowsPerArm: policy.minimumRowsPerArm,
  };
  return candidate > champion ? businessVerdict(older, newer, limits) : businessVerdict(newer, older, limits);
}

function combine(
  { policy }: RolloutState,
  paired: PairedResult,
  business: BusinessResult | undefined,
  isTimeUp: boolean,
): { verdict: Verdict; reason: string } {
  const businessWords =
    business === undefined
      ? 'no business metric is defined'
      : `business arms ${business.evidence.verdict} (${business.reason})`;
  const both = `${paired.reason}; ${businessWords}`;
  const businessVerdict = business?.evidence.verdict;
  if (paired.verdict === 'fail' || businessVerdict === 'fail') return { verdict: 'fail', reason: both };
  if (paired.verdict === 'inconclusive') return { verdict: 'inconclusive', reason: both };
  if (businessVerdict !== 'inconclusive') return { verdict: 'pass', reason: both };
  if (!policy.businessMetricRequired)
    return { verdict: 'pass', reason: `${both}; policy proceeds on the paired verdict` };
  if (isTimeUp && policy.onInconclusive === 'promote-on-paired-verdict') {
    return {
      verdict: 'pass',
      reason: `${both}; after ${policy.maximumHoldHours} hours the policy proceeds on the paired verdict`,
    };
  }
  return { verdict: 'inconclusive', reason: both };
}

function sumArms(arms: readonly ArmSums[]): ArmSums {
  return arms.reduce(
    (sum, arm) => ({ n: sum.n + arm.n, sum: sum.sum + arm.sum, sumSquares: sum.sumSquares + arm.sumSquares }),
    { n: 0, sum: 0, sumSquares: 0 },
  );
}

function nextHour(instant: Instant): Instant {
  return toInstant(Math.ceil(toMillis(instant) / hourMillis) * hourMillis);
}
