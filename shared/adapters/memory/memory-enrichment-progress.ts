import { versionConflict } from '../../domain/errors.ts';
import type { EnrichmentProgress, StoredEnrichmentState } from '../../ports/enrichment-progress.ts';

/** Twin of the record in the graph table for tests. */
export function createMemoryEnrichmentProgress(): EnrichmentProgress {
  let stored: StoredEnrichmentState = { state: { change: 0 }, revision: 0 };
  return {
    get: async () => stored,
    put: async (state, expectedRevision) => {
      if (stored.revision !== expectedRevision) throw versionConflict('enrichment', expectedRevision);
      stored = { state, revision: expectedRevision + 1 };
      return stored.revision;
    },
  };
}
