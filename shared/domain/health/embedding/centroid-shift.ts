import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { whyDifferentSpaces } from './comparable.ts';
import { centroid, distance, dot, type Matrix, norm, rowOf } from './matrix.ts';

type CentroidShift = {
  /** Euclidean distance of the centroids. */
  readonly value: number;
  /** 1 - cosine of the centroids; null when one of them is the origin. */
  readonly cosineDistance: number | null;
  /** Mean distance of the reference vectors to their centroid. */
  readonly referenceSpread: number;
  /** `value` over it; null when the reference has no spread. */
  readonly overSpread: number | null;
};

/** How far the centre of the vectors moved. It sees neither misplaced ids nor a rotation about the origin's centre. */
export function centroidShift(reference: Matrix, current: Matrix): CentroidShift | UndefinedStatistic {
  const reason = whyDifferentSpaces(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const [a, b] = [centroid(reference), centroid(current)];
  const value = distance(a, b);
  const lengths = norm(a) * norm(b);
  let referenceSpread = 0;
  for (let row = 0; row < reference.rows; row += 1) {
    referenceSpread += distance(rowOf(reference, row), a) / reference.rows;
  }
  return {
    value,
    cosineDistance: lengths === 0 ? null : 1 - dot(a, b) / lengths,
    referenceSpread,
    overSpread: referenceSpread <= 1e-14 * norm(a) ? null : value / referenceSpread,
  };
}
