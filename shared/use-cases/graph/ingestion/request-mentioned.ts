import { type EntityUri, parseEntityRef } from '../../../domain/graph/entity-ref.ts';
import { mayBeAskedFor } from '../../../domain/graph/ingestion/hydration.ts';
import {
  entityTypesOf,
  type ProviderConfiguration,
  platformOf,
} from '../../../domain/graph/ingestion/provider-configuration.ts';
import type { ProviderId } from '../../../domain/graph/provider-contribution.ts';
import type { Instant } from '../../../domain/time.ts';
import type { HydrationQueue } from '../../../ports/hydration-queue.ts';
import type { HydrationRequests } from '../../../ports/hydration-requests.ts';
import type { HydrationStore } from '../../../ports/hydration-store.ts';
import type { ProviderStore } from '../../../ports/provider-store.ts';

export type MentionedPorts = {
  readonly providerStore: Pick<ProviderStore, 'all'>;
  readonly hydrations: Pick<HydrationStore, 'find' | 'markAsked'>;
  readonly hydrationQueue: HydrationQueue;
};

const marksAtOnce = 16;

/**
 * Has read, of what is only mentioned, what some provider that is switched on has: each at most once a day, and not what
 * the provider said that it does not have. Who dies before it is written down that somebody asked has it asked for again.
 */
export function createHydrationRequests(ports: MentionedPorts): HydrationRequests {
  return {
    request: async (uris, now) => {
      for (const [provider, configuration] of await ports.providerStore.all('configuration')) {
        const own = configuration.enabled ? ownOf(provider, configuration, uris) : [];
        if (own.length > 0) await requestFrom(ports, provider, own, now);
      }
    },
  };
}

function ownOf(
  provider: ProviderId,
  configuration: ProviderConfiguration,
  uris: readonly EntityUri[],
): readonly EntityUri[] {
  const types = entityTypesOf(configuration);
  return [...new Set(uris)].filter((uri) => {
    const { type, platform } = parseEntityRef(uri);
    return platform === platformOf(provider, configuration) && types.has(type);
  });
}

async function requestFrom(
  { hydrations, hydrationQueue }: MentionedPorts,
  provider: ProviderId,
  uris: readonly EntityUri[],
  now: Instant,
): Promise<void> {
  const records = await hydrations.find(provider, uris);
  const open = uris.filter((uri) => mayBeAskedFor(records.get(uri), now));
  if (open.length === 0) return;
  const requests = open.map((uri) => {
    const { type, id } = parseEntityRef(uri);
    return { provider, type, id, depth: 1, attempt: 0 };
  });
  await hydrationQueue.send(requests);
  const waiting = open.values();
  const markSome = async () => {
    for (const uri of waiting) await hydrations.markAsked(provider, uri, now);
  };
  await Promise.all(Array.from({ length: marksAtOnce }, markSome));
}
