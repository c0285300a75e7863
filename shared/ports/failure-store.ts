import type { FieldProblem } from '../domain/errors.ts';
import type { Truth } from '../domain/ground-truth/segment.ts';
import type { Instant } from '../domain/time.ts';

/** Something that arrived and cannot be used: as a whole, or the lines listed. */
export type Failure = {
  /** The function that gave up on it, e.g. `ground-truth-join-events`. */
  readonly source: string;
  readonly id: string;
  readonly failedAt: Instant;
  readonly cause: { readonly code: string; readonly reason: string };
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** The other lines of the record were taken. Absent when the record as a whole is unusable. */
  readonly lines?: readonly {
    readonly index: number;
    readonly problems: readonly FieldProblem[];
    readonly record?: unknown;
  }[];
};

/** Two outcomes that say different things of the same moment; `held` came first and stays. Times in milliseconds. */
export type ConflictAudit = {
  readonly modelId: string;
  readonly bucket: number;
  /** Of the record that brought them up, and the first of its lines that did. */
  readonly id: string;
  readonly arrivedAt: Instant;
  readonly conflicts: readonly {
    readonly index: number;
    readonly predictionId: string;
    readonly predictedAt: Instant;
    readonly held: Truth;
    readonly next: Truth;
  }[];
};

/** Keeps what is unusable with its cause, so that it blocks nobody and can be looked into. */
export interface FailureStore {
  /** Idempotent by source, day and id. */
  put(failure: Failure): Promise<void>;
  /** For a person to look at; nothing is lost, as the first stays. Idempotent by model, day and id. */
  putConflicts(audit: ConflictAudit): Promise<void>;
}
