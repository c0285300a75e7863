import type { EmbeddingSet } from '../../../../shared/domain/health/embedding/embedding-set.ts';
import { type Matrix, matrixOf, product, rowOf } from '../../../../shared/domain/health/embedding/matrix.ts';
import { nearestRotation } from '../../../../shared/domain/health/embedding/nearest-rotation.ts';
import { gaussian, seeded } from '../statistics/seeded.ts';

export function cloud(rows: number, columns: number, seed = 1): Matrix {
  const random = seeded(seed);
  return matrixOf(Array.from({ length: rows }, () => Array.from({ length: columns }, () => gaussian(random) + 0.3)));
}

export function version(vectors: Matrix, prefix = 'item'): EmbeddingSet {
  return { ids: Array.from({ length: vectors.rows }, (_, row) => `${prefix}-${row}`), vectors };
}

export function changed(
  set: EmbeddingSet,
  change: (value: number, column: number, row: number) => number,
): EmbeddingSet {
  const { columns } = set.vectors;
  const values = set.vectors.values.map((value, at) => change(value, at % columns, Math.floor(at / columns)));
  return { ...set, vectors: { ...set.vectors, values } };
}

export function rotated(set: EmbeddingSet, seed = 5): EmbeddingSet {
  const { columns } = set.vectors;
  const { rotation } = nearestRotation(cloud(columns, columns, seed));
  return { ...set, vectors: product(set.vectors, rotation) };
}

/** As if trained again: each coordinate with an error of its own, in coordinates of its own. */
export function retrained(set: EmbeddingSet, error: number, seed: number): EmbeddingSet {
  const random = seeded(seed);
  return rotated(
    changed(set, (value) => value + error * gaussian(random)),
    seed + 1,
  );
}

/** Every so many rows get the vector of the next of them. */
export function permuted(set: EmbeddingSet, share: number): EmbeddingSet {
  const step = Math.round(1 / share);
  const { rows } = set.vectors;
  const affected = Array.from({ length: Math.floor(rows / step) }, (_, i) => i * step);
  const source = new Map(affected.map((row, i) => [row, affected[(i + 1) % affected.length]!]));
  const vectors = matrixOf(Array.from({ length: rows }, (_, row) => rowOf(set.vectors, source.get(row) ?? row)));
  return { ...set, vectors };
}

export function firstColumns(set: EmbeddingSet, columns: number): EmbeddingSet {
  const rows = Array.from({ length: set.vectors.rows }, (_, row) => rowOf(set.vectors, row).subarray(0, columns));
  return { ...set, vectors: matrixOf(rows) };
}
