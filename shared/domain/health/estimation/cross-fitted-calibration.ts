import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { type Calibration, calibrated, isotonicCalibration } from './isotonic-calibration.ts';

/** Fewer rows per fold give steps and no curve. */
const minimumRowsPerFold = 20;

/**
 * Calibrated probability of each reference row from a calibration that has not seen the row: an isotonic fit on its own
 * rows follows their noise, and the reference value of an estimate would be too good to compare with (Zadrozny & Elkan
 * 2002; cross-fitting: Chernozhukov et al. 2018). Row i belongs to fold i modulo `folds`, so that all folds span the
 * same time.
 */
export function crossFittedProbabilities(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  folds = 5,
): { readonly value: Float64Array } | UndefinedStatistic {
  const n = scores.length;
  if (n < folds * minimumRowsPerFold)
    return undefinedStatistic(`needs ${folds * minimumRowsPerFold} labelled rows, has ${n}`);
  const value = new Float64Array(n);
  for (let fold = 0; fold < folds; fold += 1) {
    const others = Array.from({ length: n }, (_, row) => row).filter((row) => row % folds !== fold);
    const calibration = isotonicCalibration(
      others.map((row) => labels[row]!),
      others.map((row) => scores[row]!),
    );
    if (calibration === undefined) return undefinedStatistic('needs two folds');
    for (let row = fold; row < n; row += folds) value[row] = calibrated(calibration, scores[row]!);
  }
  return { value };
}

/** Share of the scores beyond the lowest and highest that the calibration has seen: there it is a guess. 0..1. */
export function outsideCalibrationRatio({ x }: Calibration, scores: ArrayLike<number>): number {
  let outside = 0;
  for (let i = 0; i < scores.length; i += 1) if (!(scores[i]! >= x[0]! && scores[i]! <= x.at(-1)!)) outside += 1;
  return scores.length === 0 ? 0 : outside / scores.length;
}
