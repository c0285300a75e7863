import type { Matrix } from './matrix.ts';

/** The vectors of one version, or of one window, row by row with the ids of the items they stand for. */
export type EmbeddingSet = { readonly ids: readonly string[]; readonly vectors: Matrix };

/** `current` against `reference`, which it replaces or follows. */
export type EmbeddingPair = { readonly reference: EmbeddingSet; readonly current: EmbeddingSet };
