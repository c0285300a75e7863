import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';

/** Rows by prediction and label; fractional where labels are expected ones. */
export type Confusion = { readonly tp: number; readonly fp: number; readonly fn: number; readonly tn: number };

type Ratio = { readonly value: number } | UndefinedStatistic;

/** Labels are 0 or 1; a score at the threshold is a positive prediction. */
export function confusionOf(labels: ArrayLike<number>, scores: ArrayLike<number>, threshold = 0.5): Confusion {
  const confusion = { tp: 0, fp: 0, fn: 0, tn: 0 };
  for (let i = 0; i < labels.length; i += 1) {
    const isAlarm = scores[i]! >= threshold;
    if (labels[i] === 1) confusion[isAlarm ? 'tp' : 'fn'] += 1;
    else confusion[isAlarm ? 'fp' : 'tn'] += 1;
  }
  return confusion;
}

export function accuracy({ tp, fp, fn, tn }: Confusion): Ratio {
  return ratio(tp + tn, tp + fp + fn + tn, 'no row');
}

export function precision({ tp, fp }: Confusion): Ratio {
  return ratio(tp, tp + fp, 'no positive prediction');
}

export function recall({ tp, fn }: Confusion): Ratio {
  return ratio(tp, tp + fn, 'no positive label');
}

/** 2 TP / (2 TP + FP + FN): the harmonic mean of precision and recall (van Rijsbergen 1979). */
export function f1Score({ tp, fp, fn }: Confusion): Ratio {
  return ratio(2 * tp, 2 * tp + fp + fn, 'no positive label or prediction');
}

/** Matthews (1975) correlation of prediction and label, -1..1; 0 when one of them is constant, as is customary. */
export function matthewsCorrelation({ tp, fp, fn, tn }: Confusion): Ratio {
  if (tp + fp + fn + tn === 0) return undefinedStatistic('no row');
  const scale = Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn);
  return { value: scale === 0 ? 0 : (tp * tn - fp * fn) / scale };
}

function ratio(part: number, whole: number, reason: string): Ratio {
  return whole === 0 ? undefinedStatistic(reason) : { value: part / whole };
}
