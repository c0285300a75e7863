import type { EntityUri } from '../../domain/graph/entity-ref.ts';
import type { HydrationRequests } from '../../ports/hydration-requests.ts';

/** Twin of the hydration queue for tests. */
export function createMemoryHydrationRequests(): HydrationRequests & { readonly requested: ReadonlySet<EntityUri> } {
  const requested = new Set<EntityUri>();
  return {
    requested,
    request: async (uris) => {
      for (const uri of uris) requested.add(uri);
    },
  };
}
