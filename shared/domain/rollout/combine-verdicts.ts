import type { BusinessResult } from './business-verdict.ts';
import type { ErrorEvidence } from './error-guardrail.ts';
import type { PairedResult } from './paired-verdict.ts';
import type { RolloutState, SampleRatios, Verdict } from './rollout.ts';
import type { SampleRatio } from './sample-ratio.ts';

export type StepEvidence = {
  readonly paired: PairedResult;
  readonly business: BusinessResult | undefined;
  readonly errors: ErrorEvidence | undefined;
  readonly sampleRatio: SampleRatios | undefined;
  /** Whether rows have matured since the last look was due. */
  readonly isFresh: boolean;
  readonly outcomeDependsOnAction: boolean;
  /** The candidate serves nobody, so that there are no arms to compare. */
  readonly isShadow?: boolean;
  readonly isTimeUp: boolean;
};

type Combined = { readonly verdict: Verdict; readonly reason: string };

/**
 * One verdict of all metrics. A fail of any of them fails; a fail of the arms counts only while their sample ratio is as
 * expected. A mismatch of it, and a stretch without rows, are never a pass.
 */
export function combineVerdicts({ policy }: Pick<RolloutState, 'policy'>, evidence: StepEvidence): Combined {
  const { paired, business, errors, sampleRatio, outcomeDependsOnAction } = evidence;
  const mismatch = mismatchOf(sampleRatio);
  const reason = [
    outcomeDependsOnAction
      ? `${paired.reason}, which does not count: the outcome depends on the action`
      : paired.reason,
    business === undefined
      ? evidence.isShadow
        ? 'in shadow there are no arms'
        : 'no business metric is defined'
      : `business arms ${business.evidence.verdict} (${business.reason})`,
    ...(errors?.verdict === 'fail' ? [errors.reason] : []),
  ].join('; ');
  const hasFailed =
    errors?.verdict === 'fail' ||
    (!outcomeDependsOnAction && paired.verdict === 'fail') ||
    (mismatch === undefined && business?.evidence.verdict === 'fail');
  if (hasFailed) return { verdict: 'fail', reason };
  if (mismatch !== undefined) return { verdict: 'inconclusive', reason: `${mismatch}; ${reason}` };
  if (!evidence.isFresh)
    return { verdict: 'inconclusive', reason: `no row of the last ${policy.holdHours} matured hours; ${reason}` };
  if (outcomeDependsOnAction) return { verdict: business?.evidence.verdict ?? 'inconclusive', reason };
  return passOnBoth(policy, evidence, reason);
}

function passOnBoth(
  policy: RolloutState['policy'],
  { paired, business, isTimeUp }: StepEvidence,
  both: string,
): Combined {
  if (paired.verdict === 'inconclusive') return { verdict: 'inconclusive', reason: both };
  if (business?.evidence.verdict !== 'inconclusive') return { verdict: 'pass', reason: both };
  if (!policy.businessMetricRequired)
    return { verdict: 'pass', reason: `${both}; policy proceeds on the paired verdict` };
  if (isTimeUp && policy.onInconclusive === 'promote-on-paired-verdict') {
    const reason = `${both}; after ${policy.maximumHoldHours} hours the policy proceeds on the paired verdict`;
    return { verdict: 'pass', reason };
  }
  return { verdict: 'inconclusive', reason: both };
}

function mismatchOf(ratios: SampleRatios | undefined): string | undefined {
  if (ratios?.served.verdict === 'mismatch') return mismatchText('served', ratios.served);
  return ratios?.labelled.verdict === 'mismatch' ? mismatchText('has', ratios.labelled, ' with an outcome') : undefined;
}

function mismatchText(verb: string, { champion, candidate, expectedRatio }: SampleRatio, which = ''): string {
  const percent = (ratio: number) => `${Number((100 * ratio).toFixed(2))} %`;
  const got = candidate / (champion + candidate);
  return `sample ratio mismatch: the candidate ${verb} ${percent(got)} of ${champion + candidate} rows${which}, expected ${percent(expectedRatio)}`;
}
