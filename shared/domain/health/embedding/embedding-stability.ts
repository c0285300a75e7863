import type { Instant } from '../../time.ts';
import type { EmbeddingLimits } from './embedding-limits.ts';
import type { EmbeddingReport } from './embedding-report.ts';

/** A file as it was when it was compared. */
export type EmbeddingFile = { readonly uri: string; readonly digest: string };

/** The embeddings of a version against those of an earlier one, with everything the answer rests on. */
export type EmbeddingStability = {
  readonly modelId: string;
  readonly version: number;
  readonly referenceVersion: number;
  readonly comparedAt: Instant;
  readonly inputs: {
    readonly reference: EmbeddingFile;
    readonly current: EmbeddingFile;
    /** Published for consumers of raw coordinates. */
    readonly aligned: EmbeddingFile | null;
    /** Of `reference`, or of `current` when the reference has none. */
    readonly bootstrap: (EmbeddingFile & { readonly of: 'reference' | 'current' }) | null;
  } | null;
  readonly limits: EmbeddingLimits;
  /** Share of the ids that was read, and of the shared ones how many were compared. */
  readonly sample: { readonly idRatio: number; readonly rows: number; readonly shared: number } | null;
  /** Null when a file could not be used. */
  readonly report: EmbeddingReport | null;
  /** Why there is no report. */
  readonly reason: string | null;
};
