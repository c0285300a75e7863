import type { HourlyPerformance } from '../ground-truth/aggregates.ts';
import { labelDelayModel } from '../ground-truth/label-delay-model.ts';
import { type LabelSupplyStatus, labelSupplyOf } from '../ground-truth/label-supply.ts';
import type { OutcomeType } from '../ground-truth/outcome-types.ts';
import { mergeAllPerformance } from '../ground-truth/performance.ts';
import { cohortOf, labelCohortOf, spanOfHour } from '../ground-truth/performance-span.ts';

type Supply = {
  readonly status: LabelSupplyStatus;
  /** Of the hours whose labels ought to have come: labels, and labels expected by now, over predictions. */
  readonly labelledRatio: number | null;
  readonly expectedRatio: number | null;
  /** Labels that came over those expected. */
  readonly receivedRatio: number | null;
};

/** Whether the labels are there that ought to be by now, of all predictions of the window, whatever their age. */
export type LabelFacts = Supply & {
  readonly maturity: number | null;
  /** Hours whose labels ought to have come and did not. */
  readonly shortHours: number;
  readonly segments: readonly (Supply & { readonly segment: string })[];
};

type Judging = { readonly type: OutcomeType; readonly minimumCoverageRatio: number; readonly now: number };
type SegmentHours = { readonly segment: string; readonly hours: readonly HourlyPerformance[] };

/**
 * Undefined while the hours do not tell when labels come. Segments are held against the delays of all rows: one whose labels
 * come later or less than the others' is what is looked for.
 */
export function labelFactsOf(
  hours: readonly HourlyPerformance[],
  segments: readonly SegmentHours[],
  { type, ...judging }: Judging,
): LabelFacts | undefined {
  const spans = hours.map(spanOfHour);
  const delays = spans.map(labelCohortOf).filter((cohort) => cohort !== undefined);
  const model = labelDelayModel(delays, type.attributionWindowMinutes, judging.now);
  const expectation = { model, ...judging, isPositiveOnly: type.imputedLabel !== undefined };
  const whole = labelSupplyOf(spans.map(cohortOf), expectation);
  if (whole.status === 'unknown') return undefined;
  const ofHours = spans.map((span) => labelSupplyOf([cohortOf(span)], expectation));
  return {
    ...supplyOf(whole),
    maturity: whole.of.maturity,
    shortHours: ofHours.filter(({ status }) => status === 'short').length,
    segments: segments.map(({ segment, hours: ofSegment }) => ({
      segment,
      ...supplyOf(labelSupplyOf(ofSegment.map(spanOfHour).map(cohortOf), expectation)),
    })),
  };
}

function supplyOf({ status, of, receivedRatio }: ReturnType<typeof labelSupplyOf>): Supply {
  return { status, labelledRatio: of.labelledRatio, expectedRatio: of.expectedRatio, receivedRatio };
}

/** Hours whose attribution window is over, as they are judged: where the type imputes a label, with those imputed. */
export function judgedHours(hours: readonly HourlyPerformance[], type: OutcomeType): readonly HourlyPerformance[] {
  return hours.map(({ hour, predictions, performance, imputed }) => {
    const labels = [performance, imputed].filter((each) => each !== undefined);
    // Merging copies, and a scan does this for every hour of the fleet.
    const known = type.imputedLabel === undefined ? performance : mergeAllPerformance(labels);
    return { hour, predictions, ...(known && { performance: known }) };
  });
}
