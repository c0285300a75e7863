import type { EmbeddingStability } from '../domain/health/embedding/embedding-stability.ts';

/** One comparison a version, that with the version before it that has embeddings. */
export interface EmbeddingStabilityStore {
  /** Strongly consistent. */
  get(modelId: string, version: number): Promise<EmbeddingStability | undefined>;
  put(stability: EmbeddingStability): Promise<void>;
}
