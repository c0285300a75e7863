import type { Paired, Performance, PerformanceExtras } from './aggregates.ts';
import type { JoinRules } from './join-rules.ts';
import type { OutcomeType } from './outcome-types.ts';
import { mergePaired, type PairedRow, pairedOf } from './paired.ts';
import { performanceKindOf } from './performance-accumulator.ts';
import { createPointSums, type PointSums } from './point-sums.ts';
import type { BufferedPrediction, Entry, Truth } from './segment.ts';
import { segmentsIn } from './segment-mask.ts';
import type { ServedModel } from './served-model.ts';
import { knownTruth } from './truths.ts';

/** Five minutes of an hour (`index` 0 to 11) of one version and bucket; `performance` covers attributed ones only. */
export type PerformancePoint = PerformanceExtras & {
  readonly index: number;
  readonly predictions: number;
  readonly performance: Performance;
};

type Points = ReadonlyMap<string, PerformancePoint>;

/** Key of the aggregates of another outcome type than the primary one. */
export function typeKey(version: number, outcomeType: string): string {
  return `${version}~${outcomeType}`;
}

/** Key of the aggregates of a segment, under the primary outcome type. */
export function segmentAggregateKey(version: number, segment: string): string {
  return `${version}@${segment}`;
}

/**
 * The points of five minutes by versions key: of each version whole, by further outcome type and by segment. The rows are
 * those of these five minutes in the order of their ids, so that the sums do not depend on how they came.
 */
export function pointsOf(index: number, entries: readonly Entry[], rules: JoinRules): Points {
  const counters = new Map<number, VersionCounter>();
  for (const { prediction, truths } of entries) {
    if (prediction === undefined) continue;
    let counter = counters.get(prediction.version);
    if (counter === undefined) {
      counter = versionCounter(prediction.version, rules);
      counters.set(prediction.version, counter);
    }
    counter.add(prediction, truths);
  }
  return new Map(
    [...counters.values()].flatMap(({ sums }) => [...sums]).map(([key, sums]) => [key, sums.point(index)]),
  );
}

type VersionCounter = {
  readonly sums: ReadonlyMap<string, PointSums>;
  readonly add: (prediction: BufferedPrediction, truths: readonly Truth[]) => void;
};

function versionCounter(version: number, { model, isExcluded }: JoinRules): VersionCounter {
  const sums = new Map<string, PointSums>();
  const [primary, ...others] = model.outcomeTypes;
  const sumsOf = (key: string, type: OutcomeType | undefined) => {
    const made = sums.get(key) ?? createPointSums(kindOf(model, type), type?.imputedLabel);
    sums.set(key, made);
    return made;
  };
  const baseline = model.versions.get(version)?.baseline;
  return {
    sums,
    add: (prediction, truths) => {
      const known = knownTruth(prediction, truths, undefined, isExcluded);
      const { segments = 0, isOutsideSample } = prediction;
      if (segments !== 0 && baseline !== undefined)
        for (const name of segmentsIn(baseline, segments))
          sumsOf(segmentAggregateKey(version, name), primary).add(
            prediction,
            known?.truth.label,
            known?.firstArrivedAt,
          );
      if (isOutsideSample) return;
      sumsOf(String(version), primary).add(prediction, known?.truth.label, known?.firstArrivedAt);
      for (const type of others) {
        const other = knownTruth(prediction, truths, type.name, isExcluded);
        sumsOf(typeKey(version, type.name), type).add(prediction, other?.truth.label, other?.firstArrivedAt);
      }
    },
  };
}

function kindOf(model: ServedModel, type: OutcomeType | undefined) {
  return performanceKindOf(model.taskType, type?.kind ?? 'numeric');
}

type VersionPair = { readonly older: number; readonly newer: number };

/** By `older#newer`: the attributed predictions that both versions scored and one of them served; none of some pairs. */
export function pairedRowsOf(entries: readonly Entry[], { isExcluded, model }: JoinRules): ReadonlyMap<string, Paired> {
  const rows = new Map<string, PairedRow[]>();
  for (const { prediction, truths } of entries) {
    if (prediction === undefined || prediction.shadows.length === 0 || prediction.isOutsideSample) continue;
    const truth = knownTruth(prediction, truths, undefined, isExcluded)?.truth;
    for (const shadow of prediction.shadows) {
      const pair = pairOf(prediction.version, shadow.version);
      const key = `${pair.older}#${pair.newer}`;
      const held = rows.get(key) ?? [];
      rows.set(key, held);
      if (truth !== undefined) held.push(pairedRow(pair, prediction, shadow.score, truth));
    }
  }
  return new Map([...rows].map(([key, all]) => [key, pairedOf(model.taskType, all)]));
}

function pairOf(served: number, shadow: number): VersionPair {
  return { older: Math.min(served, shadow), newer: Math.max(served, shadow) };
}

function pairedRow({ older }: VersionPair, served: BufferedPrediction, shadowScore: number, truth: Truth): PairedRow {
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

/** Of an hour from that of its five minutes, in their order. */
export function pairedOfHour(points: readonly Paired[]): Paired {
  return points.reduce(mergePaired);
}
