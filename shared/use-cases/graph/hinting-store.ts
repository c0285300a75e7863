import type { GraphHints } from '../../ports/graph-hints.ts';
import type { GraphStore } from '../../ports/graph-store.ts';

/**
 * The store for whoever makes statements: tells followers of the log of each write. A hint that cannot be sent goes to
 * `onLost`, for what was written is written and followers also look for themselves; who dies between is found like that.
 */
export function createHintingStore(store: GraphStore, hints: GraphHints, onLost: (error: unknown) => void): GraphStore {
  return {
    ...store,
    putMany: async (writes, now) => {
      await store.putMany(writes, now);
      await hints.changed().catch(onLost);
    },
  };
}
