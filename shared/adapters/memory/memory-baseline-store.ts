import type { Baseline } from '../../domain/health/baseline.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';

/** Twin of the DynamoDB store for tests. */
export function createMemoryBaselineStore(baselines: readonly Baseline[] = []): BaselineStore {
  const keyOf = (modelId: string, version: number) => `${modelId}#${version}`;
  const byKey = new Map(baselines.map((baseline) => [keyOf(baseline.modelId, baseline.version), baseline]));
  return {
    get: async (modelId, version) => byKey.get(keyOf(modelId, version)),
    put: async (baseline) => void byKey.set(keyOf(baseline.modelId, baseline.version), structuredClone(baseline)),
  };
}
