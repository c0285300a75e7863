import { versionConflict } from '../../domain/errors.ts';
import type { GraphChange, GraphStore, StoredContribution } from '../../ports/graph-store.ts';

/** Twin of the graph table for tests; the log is kept for ever. */
export function createMemoryGraphStore(): GraphStore {
  const stored = new Map<string, StoredContribution>();
  const log: GraphChange[] = [];
  return {
    get: async (streamId) => stored.get(streamId),
    put: async ({ expectedRevision, isChanged, now: _now, ...write }) => {
      const present = stored.get(write.streamId);
      if ((present?.revision ?? 0) !== expectedRevision) throw versionConflict(write.streamId, expectedRevision);
      const { streamId, contribution } = write;
      if (isChanged) log.push({ streamId, contribution, change: log.length + 1 });
      const change = isChanged ? log.length : (present?.change ?? 0);
      stored.set(streamId, { ...write, change, revision: expectedRevision + 1 });
    },
    markApplied: async (streamId, version) => {
      const present = stored.get(streamId);
      if (present !== undefined && present.appliedVersion < version)
        stored.set(streamId, { ...present, appliedVersion: version });
    },
    all: async () => ({ change: log.length, contributions: [...stored.values()] }),
    changesAfter: async (change) => log.slice(change),
  };
}
