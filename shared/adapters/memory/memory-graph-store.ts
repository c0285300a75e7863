import { versionConflict } from '../../domain/errors.ts';
import { subjectOf } from '../../domain/graph/provider-contribution.ts';
import {
  contributionParts,
  type GraphChange,
  type GraphStore,
  type StoredContribution,
} from '../../ports/graph-store.ts';

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
      if (isChanged) log.push({ contributions: [{ streamId, contribution }], change: log.length + 1 });
      const change = isChanged ? log.length : (present?.change ?? 0);
      stored.set(streamId, { ...write, change, revision: expectedRevision + 1 });
    },
    putMany: async (writes) => {
      for (const { streamId, expectedRevision } of writes)
        if ((stored.get(streamId)?.revision ?? 0) !== expectedRevision)
          throw versionConflict(streamId, expectedRevision);
      const contributions = writes.map(({ streamId, contribution }) => ({ streamId, contribution }));
      const change = log.push({ contributions, change: log.length + 1 });
      for (const { streamId, contribution, expectedRevision } of writes) {
        const revision = expectedRevision + 1;
        const appliedVersion = stored.get(streamId)?.appliedVersion ?? 0;
        stored.set(streamId, { streamId, contribution, change, revision, version: revision, appliedVersion });
      }
    },
    getMany: async (streamIds) => streamIds.map((id) => stored.get(id)).filter((each) => each !== undefined),
    about: async (uri) => [...stored.values()].filter(({ streamId }) => streamId.startsWith(`${uri} `)),
    subjectsOf: async (provider, page) =>
      page > 0 ? undefined : [...stored.keys()].flatMap((streamId) => subjectOf(streamId, provider)),
    markApplied: async (streamId, version) => {
      const present = stored.get(streamId);
      if (present !== undefined && present.appliedVersion < version)
        stored.set(streamId, { ...present, appliedVersion: version });
    },
    all: async () => ({ change: log.length, contributions: [...stored.values()] }),
    part: async (number) =>
      [...stored.values()].filter(({ streamId }) => streamId.length % contributionParts === number),
    changesAfter: async (change) => log.slice(change),
  };
}
