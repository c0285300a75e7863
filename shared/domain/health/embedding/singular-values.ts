import { dot, type Matrix, norm } from './matrix.ts';

/** M = U diag(s) Vᵀ. Columns as vectors; those of `left` whose singular value is 0 are 0. */
type Decomposition = {
  readonly left: readonly Float64Array[];
  readonly values: readonly number[];
  readonly right: readonly Float64Array[];
};

/** Columns closer to orthogonal than this are. */
const tolerance = 1e-15;
/** Convergence is quadratic: five to ten sweeps in practice. */
const maximumSweeps = 60;

/**
 * Singular value decomposition by one-sided Jacobi rotations (Hestenes 1958), which finds also small singular values to
 * full relative accuracy (Demmel & Veselić 1992). O(rows columns²) per sweep. Values come in no order.
 */
export function singularValues(matrix: Matrix): Decomposition {
  const columns = columnsOf(matrix);
  const right = identityColumns(matrix.columns);
  for (let sweep = 0; sweep < maximumSweeps; sweep += 1) {
    let rotations = 0;
    for (let p = 0; p < columns.length; p += 1) {
      for (let q = p + 1; q < columns.length; q += 1) rotations += orthogonalize(columns, right, p, q);
    }
    if (rotations === 0) break;
  }
  const values = columns.map(norm);
  return {
    left: columns.map((column, i) => column.map((entry) => (values[i] === 0 ? 0 : entry / values[i]!))),
    values,
    right,
  };
}

function orthogonalize(columns: readonly Float64Array[], right: readonly Float64Array[], p: number, q: number): 0 | 1 {
  const [a, b] = [columns[p]!, columns[q]!];
  const alpha = dot(a, a);
  const beta = dot(b, b);
  const gamma = dot(a, b);
  if (Math.abs(gamma) <= tolerance * Math.sqrt(alpha * beta)) return 0;
  const zeta = (beta - alpha) / (2 * gamma);
  const tangent = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  rotate(a, b, tangent);
  rotate(right[p]!, right[q]!, tangent);
  return 1;
}

function rotate(a: Float64Array, b: Float64Array, tangent: number): void {
  const cosine = 1 / Math.hypot(1, tangent);
  const sine = cosine * tangent;
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i]!, b[i]!];
    a[i] = cosine * x - sine * y;
    b[i] = sine * x + cosine * y;
  }
}

function columnsOf({ rows, columns, values }: Matrix): readonly Float64Array[] {
  return Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (__, i) => values[i * columns + j]!),
  );
}

function identityColumns(size: number): readonly Float64Array[] {
  return Array.from({ length: size }, (_, j) => Float64Array.from({ length: size }, (__, i) => (i === j ? 1 : 0)));
}
