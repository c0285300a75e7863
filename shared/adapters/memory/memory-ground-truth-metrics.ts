import { hourMillis, hourStart, toInstant, toMillis } from '../../domain/time.ts';
import type { GroundTruthMetrics } from '../../ports/ground-truth-metrics.ts';
import { groundTruthMetricsOver } from '../ground-truth-metrics.ts';
import { type BatchResults, layeredMetrics } from '../layered-metrics.ts';
import { createMemoryBatchResults } from './memory-batch-results.ts';
import type { MemoryJoinBuffer } from './memory-join-buffer.ts';

/** Twin for tests: reads what was committed to the memory buffer, and what the batch join has written. */
export function createMemoryGroundTruthMetrics(
  buffer: Pick<MemoryJoinBuffer, 'stored'>,
  batch: BatchResults = createMemoryBatchResults(),
): GroundTruthMetrics {
  const speed = groundTruthMetricsOver(async ({ modelId, kind, versions, from, to }) => {
    const overlaps = (hour: string) => hourStart(hour) < to && toInstant(toMillis(hourStart(hour)) + hourMillis) > from;
    return buffer
      .stored()
      .filter((item) => item.modelId === modelId && item.kind === kind && item.versions === versions)
      .filter((item) => overlaps(item.hour))
      .sort((a, b) => a.hour.localeCompare(b.hour) || a.bucket - b.bucket);
  });
  return layeredMetrics(speed, batch);
}
