import { arrivedOf, type LabelCohort, type LabelDelayModel } from './label-delay-model.ts';

/** How much of the truth about some predictions is in, against how much is expected. */
export type LabelMaturity = {
  readonly predictions: number;
  readonly attributed: number;
  /** Coverage to date: labels over predictions, of whatever age; null without a prediction. */
  readonly labelledRatio: number | null;
  /** Labels expected by now over predictions; null while too little is known of this model's delays. */
  readonly expectedRatio: number | null;
  /** Labels expected by now over labels expected in the end, 0..1; null as above, and without a prediction. */
  readonly maturity: number | null;
};

/** What is counted of a cohort. */
export type CountedCohort = Pick<LabelCohort, 'from' | 'to' | 'predictions'> & { readonly attributed: number };

/** Of the cohorts together; each is as mature as its age makes it. */
export function maturityOf(
  model: LabelDelayModel | undefined,
  cohorts: readonly CountedCohort[],
  now: number,
): LabelMaturity {
  const predictions = cohorts.reduce((sum, cohort) => sum + cohort.predictions, 0);
  const attributed = cohorts.reduce((sum, cohort) => sum + cohort.attributed, 0);
  if (predictions === 0) return { predictions, attributed, labelledRatio: null, expectedRatio: null, maturity: null };
  const shares = model && cohorts.map((cohort) => arrivedOf(model, cohort, now));
  return {
    predictions,
    attributed,
    labelledRatio: attributed / predictions,
    expectedRatio: meanOf(cohorts, shares),
    maturity: meanOf(
      cohorts,
      shares?.map((share) => ripenessOf(share, model?.eventualShare ?? null)),
    ),
  };
}

function ripenessOf(share: number | null, eventual: number | null): number | null {
  return share === null || eventual === null || eventual === 0 ? null : Math.min(1, share / eventual);
}

/** By predictions; null when it is unknown of one of them. */
function meanOf(cohorts: readonly CountedCohort[], values: readonly (number | null)[] | undefined): number | null {
  let [sum, weight] = [0, 0];
  for (const [i, { predictions }] of cohorts.entries()) {
    const value = values?.[i] ?? null;
    if (value === null) return null;
    sum += value * predictions;
    weight += predictions;
  }
  return sum / weight;
}
