import { minuteMillis } from '../time.ts';
import type { SparseCounts } from './aggregates.ts';
import { delayBin, delayBinStart } from './label-delay.ts';

/** Predictions of one stretch of time and how long after them their first labels came, on `delayBin`. */
export type LabelCohort = {
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly predictions: number;
  /** Of those that have a label; the others are censored. */
  readonly delays: SparseCounts;
};

/** How labels of a model come, learned from its trailing cohorts. */
export type LabelDelayModel = {
  /** Ends of the bins in minutes, ascending; the one of the window's end is the window itself. */
  readonly ends: readonly number[];
  /** Share of all predictions that has a label by the end of each bin, 0..1; as far as a cohort was followed. */
  readonly arrived: readonly number[];
  /** Standard error of each of them (Greenwood 1926). */
  readonly standardErrors: readonly number[];
  /** Share that gets a label in the end; 1 less this is the plateau. null until a cohort was followed to the window's end. */
  readonly eventualShare: number | null;
  readonly predictions: number;
  readonly labels: number;
};

/**
 * Kaplan & Meier 1958 in discrete time: the hazard of a bin is the labels that came in it over the predictions that had
 * none before it, of the cohorts that were followed to its end. A cohort is followed as far as its youngest prediction is
 * old, and no further than the attribution window unless labels still arrive later. What is left at the end is the plateau
 * of labels that never come: it is estimated, not assumed. Predictions of one moment share their fate more often than the
 * variance supposes, so that the standard errors are a lower bound.
 */
export function labelDelayModel(cohorts: readonly LabelCohort[], windowMinutes: number, now: number): LabelDelayModel {
  const { ends, windowBin, eventBins } = binsFor(cohorts, windowMinutes);
  const ages = cohorts.map(({ to }) => (now - to) / minuteMillis);
  const oldest = ages.reduce((left, right) => Math.max(left, right), Number.NEGATIVE_INFINITY);
  const model = { arrived: [] as number[], standardErrors: [] as number[] };
  const unlabelled = cohorts.map((cohort) => cohort.predictions);
  let surviving = 1;
  let greenwood = 0;
  for (const [bin, end] of ends.entries()) {
    let [atRisk, events] = [0, 0];
    // Where nothing came nothing changes: most bins are such.
    for (const [i, { delays }] of eventBins.has(bin) ? cohorts.entries() : []) {
      const came = Math.min(delays[bin] ?? 0, unlabelled[i]!);
      if (ages[i]! >= end) {
        atRisk += unlabelled[i]!;
        events += came;
      }
      unlabelled[i]! -= came;
    }
    if (oldest < end) break;
    if (atRisk > 0) surviving *= 1 - events / atRisk;
    if (atRisk > events) greenwood += events / (atRisk * (atRisk - events));
    model.arrived.push(1 - surviving);
    model.standardErrors.push(surviving * Math.sqrt(greenwood));
  }
  const predictions = cohorts.reduce((sum, cohort) => sum + cohort.predictions, 0);
  const labels = predictions - unlabelled.reduce((sum, left) => sum + left, 0);
  const isComplete = predictions > 0 && model.arrived.length > windowBin;
  return { ends, ...model, eventualShare: isComplete ? model.arrived.at(-1)! : null, predictions, labels };
}

/** Up to the bin of the window's end, or of the last label that came later. */
function binsFor(cohorts: readonly LabelCohort[], windowMinutes: number) {
  const windowBin = delayBin(windowMinutes);
  const eventBins = new Set<number>();
  for (const { delays } of cohorts) for (const bin in delays) eventBins.add(Number(bin));
  const last = Math.max(windowBin, ...eventBins);
  const ends = Array.from({ length: last + 1 }, (_, bin) => delayBinStart(bin + 1));
  if (last === windowBin) ends[last] = Math.max(windowMinutes, delayBinStart(windowBin));
  return { ends, windowBin, eventBins };
}

/** Share of predictions of that age that have a label, linear within a bin; null beyond what was ever followed. */
export function arrivedBy({ ends, arrived, eventualShare }: LabelDelayModel, ageMinutes: number): number | null {
  if (ageMinutes <= 0) return 0;
  const bin = ends.findIndex((end) => ageMinutes < end);
  if (bin === -1 || bin >= arrived.length) return eventualShare;
  const [start, before] = bin === 0 ? [0, 0] : [ends[bin - 1]!, arrived[bin - 1]!];
  return before + ((arrived[bin]! - before) * (ageMinutes - start)) / (ends[bin]! - start);
}

const stepMillis = 5 * minuteMillis;

/** As `arrivedBy`, the mean over predictions spread evenly over [from, to), of which those after now are not made yet. */
export function arrivedOf(
  model: LabelDelayModel,
  { from, to }: Pick<LabelCohort, 'from' | 'to'>,
  now: number,
): number | null {
  if ((now - to) / minuteMillis >= model.ends.at(-1)!) return model.eventualShare;
  const end = Math.min(to, now);
  const steps = Math.max(1, Math.ceil((end - from) / stepMillis));
  let sum = 0;
  for (let step = 0; step < steps; step += 1) {
    const middle = from + ((step + 0.5) * (end - from)) / steps;
    const share = arrivedBy(model, (now - middle) / minuteMillis);
    if (share === null) return null;
    sum += share;
  }
  return sum / steps;
}
