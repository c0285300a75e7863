import { quantile } from '../bins.ts';
import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { whyUnmatched } from './comparable.ts';
import { dot, type Matrix, norm, rowOf } from './matrix.ts';

type CosineSimilarity = {
  /** Mean, -1..1. */
  readonly value: number;
  /** A mean hides the few ids that moved; the low quantiles do not. */
  readonly q01: number;
  readonly q05: number;
  readonly minimum: number;
  /** Rows with a vector of length 0, which has no direction. */
  readonly undefinedRows: number;
};

/** Cosine of each id's two vectors. Sensitive to rotation: it is what a consumer of raw coordinates sees. */
export function cosineSimilarity(reference: Matrix, current: Matrix): CosineSimilarity | UndefinedStatistic {
  const reason = whyUnmatched(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const cosines = rowCosines(reference, current).sort();
  if (cosines.length === 0) return undefinedStatistic('no row has a direction in both versions');
  return {
    value: cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length,
    q01: quantile(cosines, 0.01),
    q05: quantile(cosines, 0.05),
    minimum: cosines[0]!,
    undefinedRows: reference.rows - cosines.length,
  };
}

function rowCosines(a: Matrix, b: Matrix): Float64Array {
  const cosines = new Float64Array(a.rows);
  let defined = 0;
  for (let row = 0; row < a.rows; row += 1) {
    const [left, right] = [rowOf(a, row), rowOf(b, row)];
    const lengths = norm(left) * norm(right);
    if (lengths === 0) continue;
    cosines[defined] = dot(left, right) / lengths;
    defined += 1;
  }
  return cosines.subarray(0, defined);
}
