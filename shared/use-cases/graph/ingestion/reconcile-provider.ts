import { isRunwayError } from '../../../domain/errors.ts';
import { type KnownListing, knownListing } from '../../../domain/graph/ingestion/listed-page.ts';
import {
  beginReconcile,
  isDue,
  isReconciling,
  isStalled,
  type Reconcile,
  stepFailed,
} from '../../../domain/graph/ingestion/reconcile.ts';
import type { ProviderId } from '../../../domain/graph/provider-contribution.ts';
import type { Instant } from '../../../domain/time.ts';
import type { Revised } from '../../../ports/provider-store.ts';
import { guardProvider } from './guard-provider.ts';
import { listPage } from './list-page.ts';
import type { ReconcilePorts } from './reconcile-ports.ts';
import { retireUnlisted } from './retire-unlisted.ts';

export type ReconcileStep = { readonly provider: ProviderId; readonly generation: number };

export type StepLimits = {
  readonly now: Instant;
  /** False when the rest is left to another call. */
  readonly hasTime: () => boolean;
};

/** Begins a reconcile; while one runs, that one is given. */
export async function startReconcile(
  {
    providerStore,
    hydrations,
    reconcileQueue,
  }: Pick<ReconcilePorts, 'providerStore' | 'hydrations' | 'reconcileQueue'>,
  provider: ProviderId,
  { startedBy, isForced, now }: Pick<Reconcile, 'startedBy' | 'isForced'> & { readonly now: Instant },
): Promise<Reconcile> {
  const latest = await providerStore.get(provider, 'reconcile');
  if (latest !== undefined && isReconciling(latest.value) && !isStalled(latest.value, now)) return latest.value;
  const ticket = await hydrations.latestTicket(provider);
  const begun = beginReconcile(latest?.value, { startedBy, isForced, ticket }, now);
  await providerStore.put(provider, 'reconcile', { value: begun, revision: latest?.revision ?? 0 });
  await reconcileQueue.send({ provider, generation: begun.generation });
  return begun;
}

/**
 * Goes on with a reconcile for as long as there is time: page after page, then it retires what was on none. Whoever is
 * interrupted leaves the page to the next step; of two at a time one stops. Gives the reconcile as it stands.
 */
export async function stepReconcile(
  ports: ReconcilePorts,
  { provider, generation }: ReconcileStep,
  { now, hasTime }: StepLimits,
): Promise<Reconcile | undefined> {
  const source = await ports.providers.find(provider);
  let known: KnownListing | undefined;
  for (;;) {
    const stored = await ports.providerStore.get(provider, 'reconcile');
    if (source === undefined || stored === undefined) return stored?.value;
    const { value: reconcile } = stored;
    if (reconcile.generation !== generation || !isReconciling(reconcile)) return reconcile;
    if (!hasTime()) {
      await ports.reconcileQueue.send({ provider, generation });
      return reconcile;
    }
    known ??= await versionsBefore(ports, provider, reconcile);
    const about = { provider, source, reconcile, known, now };
    const next = await attempt(ports, provider, stored, now, () =>
      reconcile.status === 'listing'
        ? guardProvider(ports.providerStore, { provider, callId: `reconcile#${generation}`, now }, () =>
            listPage(ports, about),
          )
        : retireUnlisted(ports, about),
    );
    await ports.providerStore.put(provider, 'reconcile', { value: next, revision: stored.revision });
  }
}

/** Begins what is due, and goes on with what somebody left. Gives how many were begun or taken up again. */
export async function sweepReconciles(
  ports: Pick<ReconcilePorts, 'providerStore' | 'hydrations' | 'reconcileQueue'>,
  now: Instant,
): Promise<{ readonly begun: number; readonly resumed: number }> {
  const configurations = await ports.providerStore.all('configuration');
  const reconciles = await ports.providerStore.all('reconcile');
  const counts = { begun: 0, resumed: 0 };
  for (const [provider, { enabled, reconcileMinutes }] of configurations) {
    const latest = reconciles.get(provider);
    if (!enabled) continue;
    if (isDue(latest, reconcileMinutes, now)) {
      await startReconcile(ports, provider, { startedBy: 'schedule', isForced: false, now });
      counts.begun += 1;
    } else if (latest !== undefined && isReconciling(latest) && isStalled(latest, now)) {
      await ports.reconcileQueue.send({ provider, generation: latest.generation });
      counts.resumed += 1;
    }
  }
  return counts;
}

async function versionsBefore(
  { listings }: ReconcilePorts,
  provider: ProviderId,
  { previous }: Reconcile,
): Promise<KnownListing> {
  return knownListing(previous === undefined ? [] : await listings.read(provider, previous));
}

// The failure is written down, so that people see it and so that it ends at some time; it is tried again by the queue.
async function attempt(
  { providerStore }: ReconcilePorts,
  provider: ProviderId,
  { value, revision }: Revised<Reconcile>,
  now: Instant,
  take: () => Promise<Reconcile>,
): Promise<Reconcile> {
  try {
    return await take();
  } catch (error) {
    if (isRunwayError(error) && error.name !== 'VersionConflict' && error.name !== 'CircuitOpen')
      await providerStore.put(provider, 'reconcile', { value: stepFailed(value, error.message, now), revision });
    throw error;
  }
}
