import { describe } from 'vitest';
import { createMemoryImportStore } from '../../shared/adapters/memory/memory-import-store.ts';
import { importStoreContract } from './import-store.contract.ts';

describe('import store in memory', () => {
  const store = createMemoryImportStore();
  importStoreContract(() => store);
});
