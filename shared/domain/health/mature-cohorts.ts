import type { Performance } from '../ground-truth/aggregates.ts';
import { mergeForJudging } from '../ground-truth/performance.ts';
import type { DayCohort } from './day-cohorts.ts';

/** Below it the labels that have not come yet could turn the verdict: the early ones are not like the late ones. */
export const minimumMaturity = 0.9;

export type MatureCohorts = {
  /** In the order of time. */
  readonly blocks: readonly Performance[];
  /** Of all of them; undefined without any. */
  readonly performance: Performance | undefined;
  readonly predictions: number;
  readonly attributed: number;
  /** Of the mature cohorts together, 0..1; null without any. */
  readonly maturity: number | null;
  /** Cohorts that are waited for. */
  readonly immature: number;
};

// Several signals judge the same cohorts of an evaluation.
const known = new WeakMap<readonly DayCohort[], MatureCohorts>();

/**
 * Cohorts whose labels have come. Maturity of a cohort: its attributed share over the share that cohorts of this model
 * get in the end, at most 1. That share is the median over the cohorts, all of which are closed: their attribution window
 * is over, and what still comes is late in the pipeline, as after an outage. It tells an outage of fewer than half of the
 * days; how much is labelled at all is for coverage to say. Cohorts are chosen by the time of the prediction and never
 * by the arrival of labels, which would prefer the outcomes that are known early.
 */
export function matureCohorts(cohorts: readonly DayCohort[]): MatureCohorts {
  const mature = known.get(cohorts) ?? matureOf(cohorts);
  known.set(cohorts, mature);
  return mature;
}

function matureOf(cohorts: readonly DayCohort[]): MatureCohorts {
  const shares = cohorts.map(shareOf).sort((a, b) => a - b);
  const expected = shares[Math.floor(shares.length / 2)] ?? 0;
  const mature = expected === 0 ? [] : cohorts.filter((cohort) => shareOf(cohort) >= minimumMaturity * expected);
  const predictions = mature.reduce((sum, cohort) => sum + cohort.predictions, 0);
  const attributed = mature.reduce((sum, cohort) => sum + (cohort.performance?.n ?? 0), 0);
  const blocks = mature.flatMap(({ performance }) => performance ?? []);
  return {
    blocks,
    performance: mergeForJudging(blocks),
    predictions,
    attributed,
    maturity: mature.length === 0 ? null : Math.min(1, attributed / (expected * predictions)),
    immature: cohorts.length - mature.length,
  };
}

function shareOf({ predictions, performance }: DayCohort): number {
  return (performance?.n ?? 0) / predictions;
}
