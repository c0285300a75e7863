import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { whyDifferentRows } from './comparable.ts';
import { centred, crossProduct, dot, hasExtent, type Matrix, norm, rowOf } from './matrix.ts';

type Alignment = { readonly value: number } | UndefinedStatistic;

const noExtent = 'all vectors of a version are equal';

/**
 * Linear centred kernel alignment ‖Bᵀ A‖² / (‖Aᵀ A‖ ‖Bᵀ B‖) of centred versions, 0..1 (Kornblith et al. 2019).
 * Indifferent to rotation, scale and dimensions; dominated by the largest directions, so that a collapse or a few
 * misplaced ids can hide behind it. O(n d²).
 */
export function linearAlignment(reference: Matrix, current: Matrix): Alignment {
  const reason = whyDifferentRows(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const [a, b] = [centred(reference), centred(current)];
  const scale = norm(crossProduct(a, a).values) * norm(crossProduct(b, b).values);
  if (!hasExtent(reference, a) || !hasExtent(current, b) || scale === 0) return undefinedStatistic(noExtent);
  return { value: Math.min(1, norm(crossProduct(b, a).values) ** 2 / scale) };
}

/**
 * The same from unbiased estimates (Song et al. 2012; Nguyen, Raghu & Kornblith 2021): the plain one is far above 0 for
 * unrelated versions when there are few rows. May be negative. Undefined for fewer than four rows. O(n d²).
 */
export function debiasedAlignment(reference: Matrix, current: Matrix): Alignment {
  const reason = whyDifferentRows(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  if (reference.rows < 4) return undefinedStatistic(`needs 4 rows, has ${reference.rows}`);
  const [a, b] = [centred(reference), centred(current)];
  if (!hasExtent(reference, a) || !hasExtent(current, b)) return undefinedStatistic(noExtent);
  const [selfA, selfB] = [unbiasedDependence(a, a), unbiasedDependence(b, b)];
  if (!(selfA > 0 && selfB > 0)) return undefinedStatistic('a version has no more structure than noise');
  return { value: Math.min(1, unbiasedDependence(a, b) / Math.sqrt(selfA * selfB)) };
}

/**
 * Hilbert–Schmidt independence criterion of Song et al. (2012), eq. 5, without the n × n kernels: with K = A Aᵀ less its
 * diagonal, tr(K L) = ‖Aᵀ B‖² - Σ |a|² |b|² and K 1 = A (Aᵀ 1) - |a|², and Aᵀ 1 = 0 for centred rows.
 */
function unbiasedDependence(a: Matrix, b: Matrix): number {
  const n = a.rows;
  let [diagonal, sumA, sumB] = [0, 0, 0];
  for (let row = 0; row < n; row += 1) {
    const [sizeA, sizeB] = [dot(rowOf(a, row), rowOf(a, row)), dot(rowOf(b, row), rowOf(b, row))];
    diagonal += sizeA * sizeB;
    sumA += sizeA;
    sumB += sizeB;
  }
  const trace = norm(crossProduct(a, b).values) ** 2 - diagonal;
  return (trace + (sumA * sumB) / ((n - 1) * (n - 2)) - (2 * diagonal) / (n - 2)) / (n * (n - 3));
}
