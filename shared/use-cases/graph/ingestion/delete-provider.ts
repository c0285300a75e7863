import type { Actor } from '../../../domain/actor.ts';
import { illegalTransition, notFound, RunwayError } from '../../../domain/errors.ts';
import { looked, type ProviderDeletion } from '../../../domain/graph/ingestion/provider-deletion.ts';
import { forgotten } from '../../../domain/graph/ingestion/reconcile.ts';
import { isRetired, type ProviderId, subjectOf } from '../../../domain/graph/provider-contribution.ts';
import type { Instant } from '../../../domain/time.ts';
import type { GraphStore } from '../../../ports/graph-store.ts';
import type { HydrationStore } from '../../../ports/hydration-store.ts';
import type { ProviderContributions } from '../../../ports/provider-contributions.ts';
import type { ProviderStore } from '../../../ports/provider-store.ts';
import { makeStatements } from '../make-statements.ts';

type Ports = { readonly providerStore: ProviderStore; readonly hydrations: Pick<HydrationStore, 'latestTicket'> };

export type DeleteProvider = {
  readonly provider: ProviderId;
  /** Agrees that what it said is retired. */
  readonly retiresClaims: boolean;
  readonly actor: Actor;
  readonly now: Instant;
};

/**
 * Deletes the configuration of a provider that is switched off; what it said is retired after that. Done again it gives
 * the same deletion. Throws `NotFound`; `IllegalTransition` while it is switched on, and (code `provider-has-claims`) when
 * it was ever read and nobody agrees to retire what was; `VersionConflict` when somebody else changed it meanwhile.
 */
export async function deleteProvider(
  { providerStore, hydrations }: Ports,
  { provider, retiresClaims, actor, now }: DeleteProvider,
): Promise<ProviderDeletion> {
  const [configuration, former, reconcile] = await Promise.all([
    providerStore.get(provider, 'configuration'),
    providerStore.get(provider, 'deletion'),
    providerStore.get(provider, 'reconcile'),
  ]);
  if (configuration === undefined && former === undefined) throw notFound('provider', provider);
  if (configuration === undefined && former !== undefined) return former.value;
  if (configuration?.value.enabled) throw illegalTransition('delete', 'enabled', 'a provider that is switched off');
  if (!retiresClaims && (await hydrations.latestTicket(provider)) > 0) throw hasClaims(provider);
  const deletion = { deletedBy: actor.id, deletedAt: now, status: 'retiring', retired: 0 } as const;
  await providerStore.put(provider, 'deletion', { value: deletion, revision: former?.revision ?? 0 });
  if (reconcile !== undefined)
    await providerStore.put(provider, 'reconcile', { ...reconcile, value: forgotten(reconcile.value, now) });
  // The last step: who is interrupted before it deletes it again.
  await providerStore.remove(provider, 'configuration', configuration?.revision ?? 0);
  return deletion;
}

type SweepPorts = {
  readonly providerStore: ProviderStore;
  readonly contributions: ProviderContributions;
  readonly graph: Pick<GraphStore, 'getMany' | 'putMany'>;
};

/** Retires everything that deleted providers said, and nobody else's. Gives how many contributions it retired. */
export async function sweepDeletions(ports: SweepPorts, now: Instant): Promise<number> {
  const { providerStore, contributions, graph } = ports;
  const configurations = await providerStore.all('configuration');
  let retired = 0;
  for (const [provider, { status }] of await providerStore.all('deletion')) {
    // Configured again, it is compared with what it has.
    if (status === 'done' || configurations.has(provider)) continue;
    const stored = await providerStore.get(provider, 'deletion');
    if (stored === undefined) continue;
    const subjects: string[] = [];
    await contributions.visit(provider, (some) => {
      for (const { streamId, contribution } of some)
        if (!isRetired(contribution)) subjects.push(...subjectOf(streamId, provider));
    });
    const { changed } = await makeStatements(graph, { provider, retired: subjects, now });
    const value = looked(stored.value, changed, now);
    await providerStore.put(provider, 'deletion', { value, revision: stored.revision });
    retired += changed;
  }
  return retired;
}

function hasClaims(provider: ProviderId): RunwayError {
  const reason = `${provider} has said things that the graph shows, expected ?claims=retire`;
  return new RunwayError('IllegalTransition', 'provider-has-claims', reason);
}
