import type { EmbeddingPair, EmbeddingSet } from './embedding-set.ts';
import { idCoverage } from './id-coverage.ts';
import { type Matrix, matrixOf, rowOf } from './matrix.ts';
import type { Random } from './maximum-mean-discrepancy.ts';

export type MatchedRows = {
  readonly ids: readonly string[];
  readonly reference: Matrix;
  readonly current: Matrix;
  /** Share of the reference's ids that the current version has; null when the reference has none. */
  readonly coverage: number | null;
  readonly lost: number;
  readonly added: number;
  readonly duplicates: number;
  /** Ids that both sides have, whatever their vectors. */
  readonly matched: number;
  /** Shared ids whose vector is usable in both. */
  readonly shared: number;
  /** Shared ids whose vector was usable and is not: not finite, or without length. */
  readonly spoiled: number;
};

/** Beyond this a square, or the product of squares that an alignment takes, is no number any more. */
const largestCoordinate = 1e70;

/** Rows of ids that both sides have with finite coordinates; of more than `maximumRows` a sample without replacement. */
export function matchRows({ reference, current }: EmbeddingPair, maximumRows: number, random: Random): MatchedRows {
  const match = idCoverage(reference.ids, current.ids);
  const pairs = match.value === null ? [] : match.pairs;
  const usable = pairs.filter(
    ([before, after]) => isUsable(rowOf(reference.vectors, before)) && isUsable(rowOf(current.vectors, after)),
  );
  const spoiled = pairs.filter(
    ([before, after]) => hasDirection(rowOf(reference.vectors, before)) && !hasDirection(rowOf(current.vectors, after)),
  );
  const kept = sampled(usable, maximumRows, random);
  return {
    ids: kept.map(([before]) => reference.ids[before]!),
    reference: select(
      reference,
      kept.map(([before]) => before),
    ),
    current: select(
      current,
      kept.map(([, after]) => after),
    ),
    coverage: match.value,
    lost: match.value === null ? 0 : match.lost,
    added: match.value === null ? 0 : match.added,
    duplicates: match.value === null ? 0 : match.duplicates,
    matched: pairs.length,
    shared: usable.length,
    spoiled: spoiled.length,
  };
}

/** Rows with finite coordinates, whatever their id; of more than `maximumRows` a sample. */
export function population(set: EmbeddingSet, maximumRows: number, random: Random): Matrix {
  const rows = set.ids.map((_, row) => row).filter((row) => isUsable(rowOf(set.vectors, row)));
  return select(set, sampled(rows, maximumRows, random));
}

export function usableCount({ ids, vectors }: EmbeddingSet): number {
  return ids.filter((_, row) => isUsable(rowOf(vectors, row))).length;
}

function select({ vectors }: EmbeddingSet, rows: readonly number[]): Matrix {
  return { ...matrixOf(rows.map((row) => rowOf(vectors, row))), columns: vectors.columns };
}

function isUsable(vector: Float64Array): boolean {
  return vector.length > 0 && vector.every((value) => Math.abs(value) <= largestCoordinate);
}

function hasDirection(vector: Float64Array): boolean {
  return isUsable(vector) && vector.some((value) => value !== 0);
}

/** Selection sampling (Knuth 1969, algorithm S), which keeps the order. */
function sampled<T>(rows: readonly T[], size: number, random: Random): readonly T[] {
  if (rows.length <= size) return rows;
  const kept: T[] = [];
  rows.forEach((row, at) => {
    if (random() * (rows.length - at) < size - kept.length) kept.push(row);
  });
  return kept;
}
