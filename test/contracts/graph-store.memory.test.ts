import { describe } from 'vitest';
import { createMemoryGraphStore } from '../../shared/adapters/memory/memory-graph-store.ts';
import { createMemoryRebuildStore } from '../../shared/adapters/memory/memory-rebuild-store.ts';
import { graphStoreContract } from './graph-store.contract.ts';
import { rebuildStoreContract } from './rebuild-store.contract.ts';

describe('graph store in memory', () => {
  const store = createMemoryGraphStore();
  graphStoreContract(() => store);
});

describe('rebuild store in memory', () => {
  rebuildStoreContract(async () => createMemoryRebuildStore());
});
