import type { GraphHints } from '../../ports/graph-hints.ts';
import type { GraphStore } from '../../ports/graph-store.ts';

/** The store for whoever makes statements: tells followers of the log of each write. Who dies between is found later. */
export function createHintingStore(store: GraphStore, hints: GraphHints): GraphStore {
  return {
    ...store,
    putMany: async (writes, now) => {
      await store.putMany(writes, now);
      // What was written is written; followers also look for themselves.
      await hints.changed().catch(() => undefined);
    },
  };
}
