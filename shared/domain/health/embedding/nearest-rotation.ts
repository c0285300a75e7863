import { dot, type Matrix, norm } from './matrix.ts';
import { singularValues } from './singular-values.ts';

/** Relative to the largest; a smaller singular value is 0. */
const negligible = 1e-13;

type NearestRotation = {
  readonly rotation: Matrix;
  /** Sum of the singular values. */
  readonly scale: number;
};

/**
 * The orthogonal factor U Vᵀ of a square matrix, nearest to it of all orthogonal ones (Schönemann 1966). Directions on
 * which the matrix says nothing are completed in an arbitrary but fixed way.
 */
export function nearestRotation(matrix: Matrix): NearestRotation {
  const { left, values, right } = singularValues(matrix);
  const scale = values.reduce((sum, value) => sum + value, 0);
  const floor = Math.max(...values, 0) * negligible;
  const complete = completed(
    left.filter((_, i) => values[i]! > floor),
    matrix.rows,
  );
  const spare = complete.slice(values.filter((value) => value > floor).length);
  const entries = new Float64Array(matrix.rows * matrix.columns);
  right.forEach((v, k) => {
    const u = values[k]! > floor ? left[k]! : spare.shift()!;
    for (let i = 0; i < matrix.rows; i += 1) {
      for (let j = 0; j < matrix.columns; j += 1) entries[i * matrix.columns + j]! += u[i]! * v[j]!;
    }
  });
  return { rotation: { ...matrix, values: entries }, scale };
}

/** Adds unit vectors until the orthonormal set is a basis (Gram–Schmidt, twice for accuracy). */
function completed(vectors: readonly Float64Array[], size: number): Float64Array[] {
  const basis = [...vectors];
  for (let axis = 0; axis < size && basis.length < size; axis += 1) {
    const candidate = Float64Array.from({ length: size }, (_, i) => (i === axis ? 1 : 0));
    for (const vector of [...basis, ...basis]) {
      const overlap = dot(candidate, vector);
      for (let i = 0; i < size; i += 1) candidate[i]! -= overlap * vector[i]!;
    }
    const length = norm(candidate);
    // A basis of `size` always has an axis this far outside a smaller span.
    if (length > 0.5 / Math.sqrt(size)) basis.push(candidate.map((entry) => entry / length));
  }
  return basis;
}
