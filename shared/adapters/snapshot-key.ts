import { createHash } from 'node:crypto';

/** Sorts by change. Two that compact the same write the same object, and those who do not never write each other's. */
export function snapshotKey(change: number, snapshot: Uint8Array): string {
  const digest = createHash('sha256').update(snapshot).digest('hex').slice(0, 16);
  return `snapshots/graph-${String(change).padStart(12, '0')}-${digest}`;
}
