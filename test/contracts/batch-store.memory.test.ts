import { batchItems } from '../../shared/adapters/batch-items.ts';
import { createMemoryBatchStore } from '../../shared/adapters/memory/memory-batch-store.ts';
import { batchStoreContract, metrics } from './batch-store.contract.ts';

batchStoreContract(async () => {
  const store = createMemoryBatchStore();
  return {
    store,
    published: async () => {
      const pointer = store.days.get(metrics.date);
      if (pointer === undefined) return undefined;
      const held = store.metrics.get(`${metrics.date} ${pointer.runId} ${metrics.modelId} ${metrics.versions}`)!;
      const { hours, daily } = batchItems(held);
      return { runId: pointer.runId, hours: new Map(hours.map(({ hour, data }) => [hour, data])), daily };
    },
  };
});
