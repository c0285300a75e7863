import type { Actor } from '../../../domain/actor.ts';
import { notFound, RunwayError } from '../../../domain/errors.ts';
import { registryPlatform } from '../../../domain/graph/entities.ts';
import { type ProviderConfiguration, platformOf } from '../../../domain/graph/ingestion/provider-configuration.ts';
import type { ProviderId } from '../../../domain/graph/provider-contribution.ts';
import type { Instant } from '../../../domain/time.ts';
import type { ProviderStore } from '../../../ports/provider-store.ts';
import type { ReconcilePorts } from './reconcile-ports.ts';
import { startReconcile } from './reconcile-provider.ts';

/** Others write under these names. */
const reserved: ReadonlySet<string> = new Set([registryPlatform, 'openlineage', 'inference', 'override', 'import']);

export type ChangeProvider = {
  readonly provider: ProviderId;
  readonly configuration: ProviderConfiguration;
  readonly actor: Actor;
  readonly now: Instant;
};

/**
 * Configures a provider, in place of what was. Two that claimed the same platform would each retire what is the other's.
 * Throws `InvalidRequest`; `VersionConflict` when somebody else did so at the same time.
 */
export async function setProvider(
  store: ProviderStore,
  { provider, configuration, actor, now }: ChangeProvider,
): Promise<void> {
  const platform = platformOf(provider, configuration);
  if (reserved.has(provider) || reserved.has(platform))
    throw refused(
      'reserved-provider',
      `${provider} with platform ${platform}, expected a name that is not Runway's own`,
    );
  const others = await store.all('configuration');
  for (const [other, theirs] of others)
    if (other !== provider && platformOf(other, theirs) === platform)
      throw refused('platform-taken', `platform ${platform} is ${other}'s, expected one of its own`);
  const stored = await store.get(provider, 'configuration');
  const value = { ...configuration, changedBy: actor.id, changedAt: now };
  await store.put(provider, 'configuration', { value, revision: stored?.revision ?? 0 });
}

/** Begins a reconcile that a person asks for. Throws `NotFound`. */
export async function reconcileNow(
  ports: Pick<ReconcilePorts, 'providerStore' | 'hydrations' | 'reconcileQueue'>,
  provider: ProviderId,
  { actor, now, isForced }: { readonly actor: Actor; readonly now: Instant; readonly isForced: boolean },
) {
  if ((await ports.providerStore.get(provider, 'configuration')) === undefined) throw notFound('provider', provider);
  return startReconcile(ports, provider, { startedBy: actor.id, isForced, now });
}

function refused(code: string, message: string): RunwayError {
  return new RunwayError('InvalidRequest', code, message);
}
