import { dot, type Matrix, norm } from './matrix.ts';

/** M = U diag(s) Vᵀ. Columns as vectors; those of `left` whose singular value is 0 are 0. */
type Decomposition = {
  readonly left: readonly Float64Array[];
  readonly values: readonly number[];
  readonly right: readonly Float64Array[];
};

/** Columns whose cosine is below this are orthogonal. */
const tolerance = 4e-15;
/** Convergence is quadratic: five to ten sweeps in practice. */
const maximumSweeps = 60;

/**
 * Singular value decomposition by one-sided Jacobi rotations (Hestenes 1958), which finds also small singular values to
 * full relative accuracy (Demmel & Veselić 1992). O(rows columns²) per sweep. Values come in no order.
 */
export function singularValues(matrix: Matrix): Decomposition {
  const columns = columnsOf(matrix);
  const right = identityColumns(matrix.columns);
  let rotations = 1;
  for (let sweep = 0; sweep < maximumSweeps && rotations > 0; sweep += 1) {
    // Squared lengths follow the rotations within a sweep; from sweep to sweep they are taken anew.
    const squares = columns.map((column) => dot(column, column));
    rotations = 0;
    for (let p = 0; p < columns.length; p += 1) {
      for (let q = p + 1; q < columns.length; q += 1) rotations += orthogonalize({ columns, right, squares }, p, q);
    }
  }
  const values = columns.map(norm);
  const left = columns.map((column, i) => column.map((entry) => (values[i] === 0 ? 0 : entry / values[i]!)));
  return { left, values, right };
}

type Working = {
  readonly columns: readonly Float64Array[];
  readonly right: readonly Float64Array[];
  readonly squares: number[];
};

function orthogonalize({ columns, right, squares }: Working, p: number, q: number): 0 | 1 {
  const [a, b] = [columns[p]!, columns[q]!];
  const [alpha, beta] = [squares[p]!, squares[q]!];
  const gamma = dot(a, b);
  if (Math.abs(gamma) <= tolerance * Math.sqrt(alpha * beta)) return 0;
  const zeta = (beta - alpha) / (2 * gamma);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  rotate(a, b, tangent);
  rotate(right[p]!, right[q]!, tangent);
  squares[p] = Math.max(0, alpha - tangent * gamma);
  squares[q] = beta + tangent * gamma;
  return 1;
}

function rotate(a: Float64Array, b: Float64Array, tangent: number): void {
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  for (let i = 0; i < a.length; i += 1) {
    const x = a[i]!;
    const y = b[i]!;
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
