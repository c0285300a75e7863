import { describe } from 'vitest';
import { createMemoryEventCounter } from '../../shared/adapters/memory/memory-event-counter.ts';
import { eventCounterContract } from './event-counter.contract.ts';

describe('event counter in memory', () => {
  const counter = createMemoryEventCounter();
  eventCounterContract(() => counter);
});
