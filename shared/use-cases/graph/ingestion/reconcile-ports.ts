import type { KnownListing } from '../../../domain/graph/ingestion/listed-page.ts';
import type { Reconcile } from '../../../domain/graph/ingestion/reconcile.ts';
import type { ProviderId } from '../../../domain/graph/provider-contribution.ts';
import type { Instant } from '../../../domain/time.ts';
import type { ListingStore } from '../../../ports/listing-store.ts';
import type { Provider } from '../../../ports/provider.ts';
import type { ProviderContributions } from '../../../ports/provider-contributions.ts';
import type { ReconcileQueue } from '../../../ports/reconcile-queue.ts';
import type { HydratePorts } from './hydrate-entity.ts';

export type ReconcilePorts = HydratePorts & {
  readonly listings: ListingStore;
  readonly contributions: ProviderContributions;
  readonly reconcileQueue: ReconcileQueue;
};

export type ReconcileAbout = {
  readonly provider: ProviderId;
  readonly source: Provider;
  readonly reconcile: Reconcile;
  /** What the last listing knew. */
  readonly known: KnownListing;
  readonly now: Instant;
};
