import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { whyDifferentRows } from './comparable.ts';
import { dot, type Matrix, norm, rowOf, rowsOf } from './matrix.ts';

type NeighbourOverlap = {
  /** Mean share of the k nearest neighbours that are the same, 0..1. */
  readonly value: number;
  readonly meanJaccard: number;
  readonly minimum: number;
  readonly k: number;
  /** Share of each row. */
  readonly byRow: Float64Array;
};

/** Equal vectors must tie in spite of rounding. */
const decimals = 1e12;

/**
 * Overlap of the k nearest neighbours by cosine, the row itself excluded, ties to the lower row (as in Wendlandt,
 * Kummerfeld & Mihalcea 2018). Indifferent to rotation and to the dimensions. Undefined when there are not more rows
 * than k. O(n² d).
 */
export function neighbourOverlap(reference: Matrix, current: Matrix, k: number): NeighbourOverlap | UndefinedStatistic {
  const reason = whyDifferentRows(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const n = reference.rows;
  if (n <= k) return undefinedStatistic(`needs more than ${k} rows, has ${n}`);
  const [a, b] = [unitRows(reference), unitRows(current)];
  const byRow = new Float64Array(n);
  let [overlap, jaccard, minimum] = [0, 0, 1];
  for (let row = 0; row < n; row += 1) {
    const known = new Set(nearest(a, row, k));
    const shared = nearest(b, row, k).filter((neighbour) => known.has(neighbour)).length;
    byRow[row] = shared / k;
    overlap += shared / k / n;
    jaccard += shared / (2 * k - shared) / n;
    minimum = Math.min(minimum, shared / k);
  }
  return { value: overlap, meanJaccard: jaccard, minimum, k, byRow };
}

/** A vector without a direction stays 0 and is at cosine 0 to all. */
function unitRows(matrix: Matrix): readonly Float64Array[] {
  const values = matrix.values.slice();
  for (let row = 0; row < matrix.rows; row += 1) {
    const length = norm(rowOf(matrix, row)) || 1;
    for (let at = row * matrix.columns; at < (row + 1) * matrix.columns; at += 1) values[at]! /= length;
  }
  return rowsOf({ ...matrix, values });
}

function nearest(units: readonly Float64Array[], row: number, k: number): readonly number[] {
  const self = units[row]!;
  const best: number[] = [];
  const similarities: number[] = [];
  for (let other = 0; other < units.length; other += 1) {
    if (other === row) continue;
    const similarity = Math.round(dot(self, units[other]!) * decimals);
    if (best.length === k && similarity <= similarities[k - 1]!) continue;
    let place = best.length === k ? k - 1 : best.length;
    while (place > 0 && similarities[place - 1]! < similarity) {
      best[place] = best[place - 1]!;
      similarities[place] = similarities[place - 1]!;
      place -= 1;
    }
    best[place] = other;
    similarities[place] = similarity;
  }
  return best;
}
