import type { EmbeddingStability } from '../../domain/health/embedding/embedding-stability.ts';
import type { EmbeddingStabilityStore } from '../../ports/embedding-stability-store.ts';

/** Twin of the DynamoDB store for tests. */
export function createMemoryEmbeddingStabilityStore(): EmbeddingStabilityStore {
  const byKey = new Map<string, EmbeddingStability>();
  const keyOf = (modelId: string, version: number) => `${modelId}#${version}`;
  return {
    get: async (modelId, version) => byKey.get(keyOf(modelId, version)),
    put: async (stability) => void byKey.set(keyOf(stability.modelId, stability.version), structuredClone(stability)),
  };
}
