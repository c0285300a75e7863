import { describe } from 'vitest';
import { createMemoryEmbeddingStabilityStore } from '../../shared/adapters/memory/memory-embedding-stability-store.ts';
import { embeddingStabilityStoreContract } from './embedding-stability-store.contract.ts';

describe('embedding stability store in memory', () => {
  const store = createMemoryEmbeddingStabilityStore();
  embeddingStabilityStoreContract(() => store);
});
