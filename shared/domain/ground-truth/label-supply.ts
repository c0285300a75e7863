import gammainc from '@stdlib/math-base-special-gammainc';
import type { LabelDelayModel } from './label-delay-model.ts';
import { type CountedCohort, type LabelMaturity, maturityOf } from './label-maturity.ts';

/** Below it the labels that are still to come could turn a figure: the early ones are not like the late ones. */
const minimumMaturity = 0.9;
/** Fewer than this share of the labels expected by now is a gap, whatever coverage the owner accepts. */
const minimumExpectedRatio = 0.8;
/** Of a false alarm about labels, where few are expected. */
const significance = 0.001;

/**
 * `idle`: nothing was predicted. `unknown`: no cohort was followed long enough to say what is expected. `immature`: labels
 * are still to come. `short`: too few came. `sufficient`: enough did.
 */
export type LabelSupplyStatus = 'idle' | 'unknown' | 'immature' | 'short' | 'sufficient';

export type LabelSupply = {
  readonly status: LabelSupplyStatus;
  /** Of the cohorts whose labels ought to have come, or of all while there is none. */
  readonly of: LabelMaturity;
  /** Labels that came over those expected by now, of the same cohorts; null where nothing is expected. */
  readonly receivedRatio: number | null;
};

type Expectation = {
  readonly model: LabelDelayModel | undefined;
  readonly now: number;
  /** Of the policy, 0..1. */
  readonly minimumCoverageRatio: number;
  /** Only positives are recorded: their rate is held against the usual one, and coverage says nothing. */
  readonly isPositiveOnly: boolean;
};

/**
 * Whether the labels that ought to be there are. Judged on cohorts of at least 0.9 maturity, so that a young window is not
 * taken for a broken pipeline, and each by its own age, so that a model without traffic lacks nothing.
 */
export function labelSupplyOf(cohorts: readonly CountedCohort[], expectation: Expectation): LabelSupply {
  const { model, now } = expectation;
  const all = maturityOf(model, cohorts, now);
  if (all.predictions === 0) return { status: 'idle', of: all, receivedRatio: null };
  if (model === undefined || model.eventualShare === null) return { status: 'unknown', of: all, receivedRatio: null };
  if (model.eventualShare === 0) return { status: 'short', of: all, receivedRatio: null };
  const mature = cohorts.filter((cohort) => (maturityOf(model, [cohort], now).maturity ?? 0) >= minimumMaturity);
  if (mature.length === 0) return { status: 'immature', of: all, receivedRatio: receivedRatioOf(all) };
  const of = maturityOf(model, mature, now);
  return { status: isShort(of, expectation) ? 'short' : 'sufficient', of, receivedRatio: receivedRatioOf(of) };
}

function receivedRatioOf({ labelledRatio, expectedRatio }: LabelMaturity): number | null {
  return labelledRatio === null || expectedRatio === null || expectedRatio === 0 ? null : labelledRatio / expectedRatio;
}

function isShort(of: LabelMaturity, { minimumCoverageRatio, isPositiveOnly }: Expectation): boolean {
  const { predictions, attributed, labelledRatio, expectedRatio, maturity } = of;
  if (labelledRatio === null || expectedRatio === null || maturity === null) return false;
  // Divided by maturity: what coverage will be once the rest has come.
  if (!isPositiveOnly && labelledRatio < minimumCoverageRatio * maturity) return true;
  const expected = expectedRatio * predictions;
  return attributed < minimumExpectedRatio * expected && poissonTail(attributed, expected) < significance;
}

/** Probability of at most `count` events where `mean` are expected: the upper regularised incomplete gamma function. */
function poissonTail(count: number, mean: number): number {
  return gammainc(mean, count + 1, true, true);
}
