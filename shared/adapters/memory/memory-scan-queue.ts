import type { ScanQueue, ScanShard } from '../../ports/scan-queue.ts';

/** Twin of the SQS queue. */
export function createMemoryScanQueue(): ScanQueue & { readonly shards: readonly ScanShard[] } {
  const shards: ScanShard[] = [];
  return { shards, send: async (more) => void shards.push(...more) };
}
