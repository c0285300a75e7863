import type { CanaryState } from '../domain/health/detection-canary/canary-state.ts';

export interface CanaryStore {
  get(): Promise<CanaryState | undefined>;
  /** Throws `VersionConflict` unless what is stored is the revision before. */
  put(state: CanaryState): Promise<void>;
}
