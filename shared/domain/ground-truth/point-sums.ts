import type { Performance, PerformanceExtras, SparseCounts } from './aggregates.ts';
import { delayBin } from './label-delay.ts';
import { createPerformanceAccumulator, type PerformanceKind } from './performance-accumulator.ts';
import type { BufferedPrediction } from './segment.ts';

const minuteMillis = 60_000;

/** The sums of one five-minute point. Same rows in the same order give the same sums to the last bit. */
export type PointSums = {
  /** `label` undefined: no outcome. */
  add(prediction: BufferedPrediction, label: number | undefined, firstArrivedAt: number | undefined): void;
  point(index: number): PerformanceExtras & {
    readonly index: number;
    readonly predictions: number;
    readonly performance: Performance;
  };
};

export function createPointSums(kind: PerformanceKind, imputedLabel: number | undefined): PointSums {
  const sums = createPerformanceAccumulator(kind);
  const imputed = imputedLabel === undefined ? undefined : createPerformanceAccumulator(kind);
  const delays: Record<number, number> = {};
  let predictions = 0;
  let served = 0;
  return {
    add: ({ predictedAt, score, samplingRatio = 1, isOutsideSample }, label, firstArrivedAt) => {
      predictions += 1;
      if (isOutsideSample !== true) served += 1 / samplingRatio;
      if (label !== undefined) sums.add({ score, label });
      else if (imputedLabel !== undefined) imputed?.add({ score, label: imputedLabel });
      if (firstArrivedAt === undefined) return;
      const bin = delayBin((firstArrivedAt - predictedAt) / minuteMillis);
      delays[bin] = (delays[bin] ?? 0) + 1;
    },
    point: (index) => ({
      index,
      predictions,
      performance: sums.performance(),
      ...extrasOf({ predictions, served, delays }),
      ...(imputed && { imputed: imputed.performance() }),
    }),
  };
}

type Extras = { readonly predictions: number; readonly served: number; readonly delays: SparseCounts };

function extrasOf({ predictions, served, delays }: Extras): PerformanceExtras {
  return {
    ...(served !== predictions && { served }),
    ...(Object.keys(delays).length > 0 && { delays }),
  };
}
