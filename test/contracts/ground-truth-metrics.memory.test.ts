import { describe } from 'vitest';
import { createMemoryBatchResults } from '../../shared/adapters/memory/memory-batch-results.ts';
import { createMemoryGroundTruthMetrics } from '../../shared/adapters/memory/memory-ground-truth-metrics.ts';
import { createMemoryJoinBuffer } from '../../shared/adapters/memory/memory-join-buffer.ts';
import { groundTruthMetricsContract } from './ground-truth-metrics.contract.ts';

describe('ground-truth metrics in memory', () => {
  const buffer = createMemoryJoinBuffer();
  const batch = createMemoryBatchResults();
  const world = { buffer, batch, metrics: createMemoryGroundTruthMetrics(buffer, batch) };
  groundTruthMetricsContract(() => world);
});
