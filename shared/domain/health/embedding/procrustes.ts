import { type UndefinedStatistic, undefinedStatistic } from '../undefined-statistic.ts';
import { whyUnmatched } from './comparable.ts';
import { cosineSimilarity } from './cosine-similarity.ts';
import { centred, crossProduct, distance, hasExtent, type Matrix, norm, product } from './matrix.ts';
import { nearestRotation } from './nearest-rotation.ts';

type Procrustes = {
  /** ‖B R - A‖ / ‖A‖ (Frobenius), ≥ 0. */
  readonly value: number;
  /** Sum of the singular values of Bᵀ A. */
  readonly scale: number;
  /** Cosine of each id's vectors after the rotation. */
  readonly cosine: ReturnType<typeof cosineSimilarity>;
  /** R, which brings the current version into the coordinates of the reference. */
  readonly rotation: Matrix;
};

/**
 * What remains of the difference after the best rotation or reflection (Schönemann 1966), without scaling; `centred`
 * takes the centroids away first. Looks better than it is when there are hardly more rows than dimensions.
 */
export function procrustes(
  reference: Matrix,
  current: Matrix,
  origin: 'raw' | 'centred' = 'raw',
): Procrustes | UndefinedStatistic {
  const reason = whyUnmatched(reference, current);
  if (reason !== undefined) return undefinedStatistic(reason);
  const a = origin === 'centred' ? centred(reference) : reference;
  const b = origin === 'centred' ? centred(current) : current;
  const size = norm(a.values);
  if (size === 0 || !hasExtent(reference, a)) return undefinedStatistic('the reference has no extent');
  const { rotation, scale } = nearestRotation(crossProduct(b, a));
  const aligned = product(b, rotation);
  return { value: distance(aligned.values, a.values) / size, scale, cosine: cosineSimilarity(a, aligned), rotation };
}
