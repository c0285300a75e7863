import { isLate } from '../../../domain/graph/ingestion/reconcile.ts';
import { type Instant, minuteMillis, toMillis } from '../../../domain/time.ts';
import type { ProviderStore } from '../../../ports/provider-store.ts';

/** Providers whose configuration was deleted and not set again, by name. */
export async function viewDeletions(store: ProviderStore) {
  const [configurations, deletions] = await Promise.all([store.all('configuration'), store.all('deletion')]);
  return [...deletions]
    .filter(([provider]) => !configurations.has(provider))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([provider, deletion]) => ({ provider, ...deletion }));
}

/** Every provider that is configured, by name. */
export async function viewProviders(store: ProviderStore, now: Instant) {
  const [configurations, reconciles, circuits] = await Promise.all([
    store.all('configuration'),
    store.all('reconcile'),
    store.all('circuit'),
  ]);
  return [...configurations]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([provider, { changedBy, changedAt, ...configuration }]) => {
      const reconcile = reconciles.get(provider);
      const succeededAt = reconcile?.succeededAt;
      return {
        provider,
        configuration,
        changedBy,
        changedAt,
        circuit: circuits.get(provider)?.status ?? ('closed' as const),
        ...(reconcile !== undefined && { reconcile }),
        ...(succeededAt !== undefined && { lagMinutes: (toMillis(now) - toMillis(succeededAt)) / minuteMillis }),
        isLate: configuration.enabled && isLate(succeededAt ?? changedAt, configuration.reconcileMinutes, now),
      };
    });
}
