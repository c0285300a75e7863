import { versionConflict } from '../../domain/errors.ts';
import type { Rebuild } from '../../domain/graph/rebuild.ts';
import type { RebuildStore } from '../../ports/rebuild-store.ts';

/** Twin of the rebuilds in the graph table, for tests. */
export function createMemoryRebuildStore(): RebuildStore {
  const rebuilds = new Map<string, Rebuild>();
  let latestId: string | undefined;
  return {
    get: async (rebuildId) => rebuilds.get(rebuildId),
    latest: async () => (latestId === undefined ? undefined : rebuilds.get(latestId)),
    begin: async (rebuild, expected) => {
      const present = latestId === undefined ? undefined : rebuilds.get(latestId);
      if (present?.rebuildId !== expected?.rebuildId || present?.attempt !== expected?.attempt)
        throw versionConflict('rebuilds', expected?.attempt ?? 0);
      rebuilds.set(rebuild.rebuildId, rebuild);
      latestId = rebuild.rebuildId;
    },
    put: async (rebuild) => void rebuilds.set(rebuild.rebuildId, rebuild),
  };
}
