import { quantile } from '../bins.ts';
import type { RowStatistic } from './bootstrap-interval.ts';
import { dot, type Matrix, rowOf } from './matrix.ts';

/** Mean of a figure of each row. */
export function meanOf(values: Float64Array): RowStatistic {
  return { rows: values.length, of: (rows) => rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length };
}

export function quantileOf(values: Float64Array, probability: number): RowStatistic {
  return {
    rows: values.length,
    of: (rows) => quantile(Float64Array.from(rows, (row) => values[row]!).sort(), probability),
  };
}

/** ‖B - A‖ / ‖A‖ (Frobenius) from the rows' squares. */
export function relativeResidual(reference: Matrix, aligned: Matrix): RowStatistic {
  const squares = Array.from({ length: reference.rows }, (_, row) => {
    const [a, b] = [rowOf(reference, row), rowOf(aligned, row)];
    return { size: dot(a, a), error: b.reduce((sum, value, j) => sum + (value - a[j]!) ** 2, 0) };
  });
  return {
    rows: reference.rows,
    of: (rows) => {
      let [error, size] = [0, 0];
      for (const row of rows) {
        error += squares[row]!.error;
        size += squares[row]!.size;
      }
      return Math.sqrt(error / size);
    },
  };
}

/** Mean length of the rows. */
export function meanLength(matrix: Matrix): RowStatistic {
  return meanOf(
    Float64Array.from({ length: matrix.rows }, (_, row) => Math.sqrt(dot(rowOf(matrix, row), rowOf(matrix, row)))),
  );
}

/**
 * Cosine of each row's two vectors. A vector that lost its length, or got one, is at cosine 0 to what it was; without
 * length in both there is nothing to compare.
 */
export function rowCosines(reference: Matrix, current: Matrix): Float64Array {
  const cosines: number[] = [];
  for (let row = 0; row < reference.rows; row += 1) {
    const [a, b] = [rowOf(reference, row), rowOf(current, row)];
    const [before, after] = [dot(a, a), dot(b, b)];
    if (before === 0 && after === 0) continue;
    cosines.push(before === 0 || after === 0 ? 0 : dot(a, b) / Math.sqrt(before) / Math.sqrt(after));
  }
  return Float64Array.from(cosines);
}
