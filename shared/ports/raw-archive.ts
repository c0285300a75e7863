import type { RawOutcome, RawPrediction } from '../domain/ground-truth/raw-rows.ts';

/** Where rows go: the hour of their arrival (`2001-01-22T06`) and a name that their positions determine. */
export type RawFile = { readonly hour: string; readonly name: string };

/** Keeps every prediction and outcome as it came in, by the hour of its arrival. */
export interface RawArchive {
  /** The same file again replaces it with the same. Throws `DependencyUnavailable`. */
  putPredictions(file: RawFile, rows: readonly RawPrediction[]): Promise<void>;
  /** As above. */
  putOutcomes(file: RawFile, rows: readonly RawOutcome[]): Promise<void>;
}
