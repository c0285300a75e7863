import { createMemorySearchSnapshots } from '../../shared/adapters/memory/memory-search-snapshots.ts';
import { searchSnapshotsContract } from './search-snapshots.contract.ts';

const files = new Map<string, Uint8Array>();
const snapshots = createMemorySearchSnapshots(files);

searchSnapshotsContract(() => ({
  snapshots,
  keys: async () => [...files.keys()],
  spoil: async (key, body) => void files.set(key, Buffer.from(body)),
}));
