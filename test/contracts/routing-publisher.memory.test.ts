import { describe } from 'vitest';
import { createMemoryRoutingPublisher } from '../../shared/adapters/memory/memory-routing-publisher.ts';
import { routingPublisherContract } from './routing-publisher.contract.ts';

describe('routing publisher in memory', () => {
  const publisher = createMemoryRoutingPublisher();
  routingPublisherContract(() => ({ publisher, read: async (modelId) => publisher.read(modelId) }));
});
