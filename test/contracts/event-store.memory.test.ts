import { describe } from 'vitest';
import { createMemoryEventStore } from '../../shared/adapters/memory/memory-event-store.ts';
import { eventStoreContract } from './event-store.contract.ts';

describe('event store in memory', () => {
  const store = createMemoryEventStore();
  eventStoreContract(() => store);
});
