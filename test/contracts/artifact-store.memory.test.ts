import { describe } from 'vitest';
import { createMemoryArtifactStore } from '../../shared/adapters/memory/memory-artifact-store.ts';
import { artifactStoreContract } from './artifact-store.contract.ts';

describe('artefact store in memory', () => {
  const store = createMemoryArtifactStore();
  artifactStoreContract(() => ({ store, put: store.put }));
});
