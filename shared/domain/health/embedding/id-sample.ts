import type { EmbeddingSet } from './embedding-set.ts';
import { matrixOf, rowOf } from './matrix.ts';

/**
 * Where an id falls in [0, 1): FNV-1a (Fowler, Noll & Vo 1991) with the finaliser of MurmurHash3 (Appleby 2011). Rows
 * below a ratio are a sample that several files agree on without knowing of each other.
 */
export function idPosition(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i += 1) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A set of which only the ids below a ratio may have been kept. */
export type SampledEmbeddings = {
  readonly set: EmbeddingSet;
  /** 1 when all rows were kept. */
  readonly sampledRatio: number;
  readonly rowsInFile: number;
};

/** The sets as one sample, that of the smallest ratio among them. */
export function commonSample(samples: readonly SampledEmbeddings[]): {
  readonly sets: readonly EmbeddingSet[];
  readonly sampledRatio: number;
} {
  const sampledRatio = Math.min(1, ...samples.map((sample) => sample.sampledRatio));
  const sets = samples.map((sample) =>
    sample.sampledRatio === sampledRatio ? sample.set : kept(sample.set, sampledRatio),
  );
  return { sets, sampledRatio };
}

function kept({ ids, vectors }: EmbeddingSet, ratio: number): EmbeddingSet {
  const rows = ids.flatMap((id, row) => (idPosition(id) < ratio ? [row] : []));
  const values = matrixOf(rows.map((row) => rowOf(vectors, row)));
  return { ids: rows.map((row) => ids[row]!), vectors: { ...values, columns: vectors.columns } };
}
