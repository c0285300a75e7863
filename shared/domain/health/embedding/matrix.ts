/** Row-major; a row is the vector of one item. */
export type Matrix = { readonly rows: number; readonly columns: number; readonly values: Float64Array };

/** All rows must have the same length. */
export function matrixOf(vectors: readonly ArrayLike<number>[]): Matrix {
  const columns = vectors[0]?.length ?? 0;
  const values = new Float64Array(vectors.length * columns);
  vectors.forEach((vector, row) => {
    values.set(vector, row * columns);
  });
  return { rows: vectors.length, columns, values };
}

export function rowOf({ columns, values }: Matrix, row: number): Float64Array {
  return values.subarray(row * columns, (row + 1) * columns);
}

/** Views of all rows, for loops over pairs. */
export function rowsOf(matrix: Matrix): readonly Float64Array[] {
  return Array.from({ length: matrix.rows }, (_, row) => rowOf(matrix, row));
}

/** Aᵀ B: columns of A × columns of B. */
export function crossProduct(a: Matrix, b: Matrix): Matrix {
  const values = new Float64Array(a.columns * b.columns);
  for (let row = 0; row < a.rows; row += 1) {
    const other = rowOf(b, row);
    for (let i = 0; i < a.columns; i += 1) {
      const factor = a.values[row * a.columns + i]!;
      for (let j = 0; j < b.columns; j += 1) values[i * b.columns + j]! += factor * other[j]!;
    }
  }
  return { rows: a.columns, columns: b.columns, values };
}

/** A B. */
export function product(a: Matrix, b: Matrix): Matrix {
  const values = new Float64Array(a.rows * b.columns);
  for (let row = 0; row < a.rows; row += 1) {
    for (let k = 0; k < a.columns; k += 1) {
      const factor = a.values[row * a.columns + k]!;
      for (let j = 0; j < b.columns; j += 1) values[row * b.columns + j]! += factor * b.values[k * b.columns + j]!;
    }
  }
  return { rows: a.rows, columns: b.columns, values };
}

/** Mean of the rows. */
export function centroid({ rows, columns, values }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let at = 0; at < values.length; at += 1) mean[at % columns]! += values[at]! / rows;
  return mean;
}

/** Each row less the centroid. Equal rows leave rounding behind: see `hasExtent`. */
export function centred(matrix: Matrix): Matrix {
  const mean = centroid(matrix);
  return { ...matrix, values: matrix.values.map((value, at) => value - mean[at % matrix.columns]!) };
}

/** Whether centring left more than rounding errors. */
export function hasExtent(matrix: Matrix, ofCentred: Matrix): boolean {
  return norm(ofCentred.values) > 1e-14 * norm(matrix.values);
}

export function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i += 1) sum += left[i]! * right[i]!;
  return sum;
}

/** Euclidean length; of the entries of a matrix it is the Frobenius norm. */
export function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}

export function distance(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < left.length; i += 1) sum += (left[i]! - right[i]!) ** 2;
  return Math.sqrt(sum);
}
