import type { Baseline } from '../domain/health/baseline.ts';

/** Immutable per model version. */
export interface BaselineStore {
  get(modelId: string, version: number): Promise<Baseline | undefined>;
  put(baseline: Baseline): Promise<void>;
}
