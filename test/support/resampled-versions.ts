import type { EmbeddingSet } from '../../shared/domain/health/embedding/embedding-set.ts';
import { crossProduct, type Matrix, matrixOf } from '../../shared/domain/health/embedding/matrix.ts';
import { singularValues } from '../../shared/domain/health/embedding/singular-values.ts';

type Random = () => number;

const items = 60;
const dimensions = 6;

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Ratings of items by users whose tastes have six directions. */
export function ratings(users: number, random: Random): readonly Float64Array[] {
  const factors = Array.from({ length: items }, () => Array.from({ length: dimensions }, () => normal(random)));
  return Array.from({ length: users }, () => {
    const taste = Array.from({ length: dimensions }, (_, j) => normal(random) * (1 - j / 10));
    return Float64Array.from(factors, (factor) => {
      const liking = factor.reduce((sum, value, j) => sum + value * taste[j]!, 0);
      return liking + 2 * normal(random);
    });
  });
}

/** Trains on as many users, drawn with replacement: eigenvectors of the items' products times the root of eigenvalues. */
export function trainOnResample(rows: readonly Float64Array[], random: Random): EmbeddingSet {
  const drawn = matrixOf(rows.map(() => rows[Math.floor(random() * rows.length)]!));
  return { ids: Array.from({ length: items }, (_, item) => `item-${item}`), vectors: factorise(drawn) };
}

function factorise(drawn: Matrix): Matrix {
  const { left, values } = singularValues(crossProduct(drawn, drawn));
  const leading = values
    .map((_, k) => k)
    .sort((a, b) => values[b]! - values[a]!)
    .slice(0, dimensions);
  return matrixOf(
    Array.from({ length: items }, (_, item) =>
      leading.map((k) => left[k]![item]! * Math.sqrt(values[k]! / drawn.rows)),
    ),
  );
}
