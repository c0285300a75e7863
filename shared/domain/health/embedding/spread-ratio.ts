import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { centred, hasExtent, type Matrix, norm } from './matrix.ts';

/**
 * Root mean square distance to the centroid now over that of the reference. It falls when vectors collapse towards a
 * point, which kernel alignment and the effective rank, both indifferent to scale, do not see.
 */
export function spreadRatio(reference: Matrix, current: Matrix): { readonly value: number } | UndefinedStatistic {
  if (reference.rows === 0 || current.rows === 0) return undefinedStatistic('a side has no vector');
  const [a, b] = [centred(reference), centred(current)];
  if (!hasExtent(reference, a)) return undefinedStatistic('all vectors of the reference are equal');
  const perRow = Math.sqrt(reference.rows / current.rows);
  return { value: hasExtent(current, b) ? (norm(b.values) / norm(a.values)) * perRow : 0 };
}
