import type { SnapshotManifest, SnapshotStore } from '../../ports/snapshot-store.ts';
import { snapshotKey } from '../snapshot-key.ts';

/** Twin of the bucket for tests. */
export function createMemorySnapshotStore(): SnapshotStore {
  const snapshots = new Map<string, Uint8Array>();
  let published: SnapshotManifest | undefined;
  return {
    manifest: async () => published,
    read: async (key) => snapshots.get(key),
    write: async (change, snapshot) => {
      const key = snapshotKey(change, snapshot);
      snapshots.set(key, snapshot);
      return key;
    },
    publish: async (manifest) => {
      published = manifest;
    },
    keepNewest: async (count, spared) => {
      const old = [...snapshots.keys()].toSorted().slice(0, -count);
      for (const key of old) if (!spared.includes(key)) snapshots.delete(key);
    },
  };
}
