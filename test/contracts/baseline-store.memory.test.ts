import { describe } from 'vitest';
import { createMemoryBaselineStore } from '../../shared/adapters/memory/memory-baseline-store.ts';
import { baselineStoreContract } from './baseline-store.contract.ts';

describe('baseline store in memory', () => {
  const store = createMemoryBaselineStore();
  baselineStoreContract(() => store);
});
