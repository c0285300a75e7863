import { describe } from 'vitest';
import { createMemoryIdempotencyStore } from '../../shared/adapters/memory/memory-idempotency-store.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';

describe('idempotency store in memory', () => {
  const store = createMemoryIdempotencyStore();
  idempotencyStoreContract(() => store);
});
