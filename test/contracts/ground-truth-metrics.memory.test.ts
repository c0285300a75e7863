import { describe } from 'vitest';
import { createMemoryGroundTruthMetrics } from '../../shared/adapters/memory/memory-ground-truth-metrics.ts';
import { createMemoryJoinBuffer } from '../../shared/adapters/memory/memory-join-buffer.ts';
import { groundTruthMetricsContract } from './ground-truth-metrics.contract.ts';

describe('ground-truth metrics in memory', () => {
  const buffer = createMemoryJoinBuffer();
  const world = { buffer, metrics: createMemoryGroundTruthMetrics(buffer) };
  groundTruthMetricsContract(() => world);
});
