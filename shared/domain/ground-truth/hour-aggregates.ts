import type { Performance, PerformanceExtras } from './aggregates.ts';
import type { JoinRules } from './join-rules.ts';
import type { OutcomeType } from './outcome-types.ts';
import type { PairedRow } from './paired.ts';
import { addToPaired, type PairedSums } from './paired-sums.ts';
import { addKnown, addListToPoint, addToPoint, type Known, type PointSums } from './point-sums.ts';
import { judgementOf } from './ranked-list.ts';
import type { BufferedPrediction, Truth } from './segment.ts';
import { segmentsIn } from './segment-mask.ts';
import { isKnownTheSame, knownTruth } from './truths.ts';

/** Five minutes of an hour (`index` 0 to 11) of one version and bucket; `performance` covers attributed ones only. */
export type PerformancePoint = PerformanceExtras & {
  readonly index: number;
  readonly predictions: number;
  readonly performance: Performance;
};

/** Key of the aggregates of another outcome type than the primary one. */
export function typeKey(version: number, outcomeType: string): string {
  return `${version}~${outcomeType}`;
}

/** Key of the aggregates of a segment, under the primary outcome type. */
export function segmentAggregateKey(version: number, segment: string): string {
  return `${version}@${segment}`;
}

/** Where a prediction is counted: `versions` keys and pairs `older#newer` have sums of their own. */
export type SumsOf = {
  readonly point: (versions: string, type: OutcomeType | undefined) => PointSums;
  readonly pair: (pair: string) => PairedSums;
};

/**
 * Counts a prediction with its outcomes wherever it belongs: to its version as a whole, under each outcome type, to its
 * segments, to the pairs of versions that it compares. `times`: 1 adds it, -1 takes it away.
 */
export function countPrediction(
  to: SumsOf,
  prediction: BufferedPrediction,
  truths: readonly Truth[],
  { model, isExcluded }: JoinRules,
  times: 1 | -1,
): void {
  const { version, segments = 0, isOutsideSample, shadows } = prediction;
  const { outcomeTypes, versions } = model;
  const known = knownTruth(prediction, truths, undefined, isExcluded);
  const list = judgementOf(prediction, truths, outcomeTypes[0]?.kind ?? 'numeric', isExcluded);
  const addTo = (versionsKey: string) => {
    const sums = to.point(versionsKey, outcomeTypes[0]);
    addToPoint(sums, prediction, known, times);
    if (list !== undefined) addListToPoint(sums, list, times);
  };
  const baseline = segments === 0 ? undefined : versions.get(version)?.baseline;
  if (baseline !== undefined)
    for (const name of segmentsIn(baseline, segments)) addTo(segmentAggregateKey(version, name));
  if (isOutsideSample) return;
  addTo(String(version));
  for (let i = 1; i < outcomeTypes.length; i += 1) {
    const type = outcomeTypes[i]!;
    const other = knownTruth(prediction, truths, type.name, isExcluded);
    addToPoint(to.point(typeKey(version, type.name), type), prediction, other, times);
  }
  if (shadows.length > 0) countPairs(to, prediction, known, model.taskType, times);
}

type Truths = { readonly before: readonly Truth[]; readonly after: readonly Truth[] };

/** The same as taking the prediction away with the truths before and adding it with those after. */
export function recountPrediction(to: SumsOf, prediction: BufferedPrediction, truths: Truths, rules: JoinRules): void {
  const { before, after } = truths;
  if (before === after) return;
  if (prediction.shadows.length > 0 || before.some(isOfItem) || after.some(isOfItem)) {
    countPrediction(to, prediction, before, rules, -1);
    countPrediction(to, prediction, after, rules, 1);
    return;
  }
  const { version, segments = 0, isOutsideSample } = prediction;
  const { outcomeTypes, versions } = rules.model;
  const recount = (key: string, type: OutcomeType | undefined, typeName: string | undefined) => {
    const was = knownTruth(prediction, before, typeName, rules.isExcluded);
    const is = knownTruth(prediction, after, typeName, rules.isExcluded);
    if (isKnownTheSame(was, is)) return;
    const sums = to.point(key, type);
    addKnown(sums, prediction, was, -1);
    addKnown(sums, prediction, is, 1);
  };
  const baseline = segments === 0 ? undefined : versions.get(version)?.baseline;
  if (baseline !== undefined)
    for (const name of segmentsIn(baseline, segments))
      recount(segmentAggregateKey(version, name), outcomeTypes[0], undefined);
  if (isOutsideSample) return;
  recount(String(version), outcomeTypes[0], undefined);
  for (let i = 1; i < outcomeTypes.length; i += 1)
    recount(typeKey(version, outcomeTypes[i]!.name), outcomeTypes[i], outcomeTypes[i]!.name);
}

function isOfItem({ itemId }: Truth): boolean {
  return itemId !== undefined;
}

function countPairs(
  to: SumsOf,
  prediction: BufferedPrediction,
  known: Known | undefined,
  taskType: JoinRules['model']['taskType'],
  times: 1 | -1,
): void {
  for (const shadow of prediction.shadows) {
    const older = Math.min(prediction.version, shadow.version);
    const newer = Math.max(prediction.version, shadow.version);
    const sums = to.pair(`${older}#${newer}`);
    if (known !== undefined)
      addToPaired(sums, taskType, pairedRow(older, prediction, shadow.score, known.truth), times);
  }
}

function pairedRow(older: number, served: BufferedPrediction, shadowScore: number, truth: Truth): PairedRow {
  const isOlder = served.version === older;
  const row = {
    olderScore: isOlder ? served.score : shadowScore,
    newerScore: isOlder ? shadowScore : served.score,
    label: truth.label,
  };
  // Only a rollout assigns requests to arms at random; elsewhere the arms would compare different days.
  if (served.rolloutId === undefined || truth.businessValue === undefined) return row;
  return { ...row, arm: { served: isOlder ? 'older' : 'newer', value: truth.businessValue } };
}
