import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { centred, crossProduct, hasExtent, type Matrix } from './matrix.ts';
import { singularValues } from './singular-values.ts';

/**
 * Number of directions that the vectors really use, 1..d: e to the entropy of the singular values' shares (Roy &
 * Vetterli 2007), of the centred rows. It falls when a version collapses. O((n + d) d²).
 */
export function effectiveRank(matrix: Matrix): { readonly value: number } | UndefinedStatistic {
  if (matrix.rows < 2) return undefinedStatistic(`needs 2 rows, has ${matrix.rows}`);
  if (!matrix.values.every(Number.isFinite)) return undefinedStatistic('a coordinate is not a finite number');
  const rows = centred(matrix);
  if (!hasExtent(matrix, rows)) return undefinedStatistic('all vectors are equal');
  // Eigenvalues of the d × d product are squares of the singular values; the smallest ones do not count here.
  const sizes = singularValues(crossProduct(rows, rows)).values.map(Math.sqrt);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const entropy = sizes.reduce((sum, size) => (size === 0 ? sum : sum - (size / total) * Math.log(size / total)), 0);
  return { value: Math.exp(entropy) };
}
