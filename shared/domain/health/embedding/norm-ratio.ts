import { finiteStatistic, type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { whyUnmatched } from './comparable.ts';
import { distance, type Matrix, norm, rowOf } from './matrix.ts';

type NormRatio = {
  /** Mean length now over that of the reference. */
  readonly value: number;
  readonly reference: number;
  readonly current: number;
};

/** Whether the vectors became longer or shorter; a collapse towards a point or the origin shows here. */
export function normRatio(reference: Matrix, current: Matrix): NormRatio | UndefinedStatistic {
  if (reference.rows === 0 || current.rows === 0) return undefinedStatistic('a side has no vector');
  const lengths = { reference: meanNorm(reference), current: meanNorm(current) };
  if (lengths.reference === 0) return undefinedStatistic('all vectors of the reference have length 0');
  const ratio = finiteStatistic(lengths.current / lengths.reference, 'a coordinate is not a finite number');
  return ratio.value === null ? ratio : { ...ratio, ...lengths };
}

export function meanNorm(matrix: Matrix): number {
  let sum = 0;
  for (let row = 0; row < matrix.rows; row += 1) sum += norm(rowOf(matrix, row));
  return sum / matrix.rows;
}

/** Mean distance of each id's two vectors. */
export function meanDisplacement(reference: Matrix, current: Matrix): { readonly value: number } | UndefinedStatistic {
  const reason = whyUnmatched(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  let sum = 0;
  for (let row = 0; row < reference.rows; row += 1) sum += distance(rowOf(reference, row), rowOf(current, row));
  return { value: sum / reference.rows };
}
