import { versionConflict } from '../../domain/errors.ts';
import type { LineageStateStore, StoredLineageState } from '../../ports/lineage-state-store.ts';

export function createMemoryLineageStateStore(): LineageStateStore {
  const states = new Map<string, StoredLineageState>();
  return {
    getMany: async (keys) => keys.map((key) => states.get(key)).filter((stored) => stored !== undefined),
    put: async ({ key, state, expectedRevision }) => {
      if ((states.get(key)?.revision ?? 0) !== expectedRevision) throw versionConflict(key, expectedRevision);
      states.set(key, { key, revision: expectedRevision + 1, state: structuredClone(state) });
    },
  };
}
