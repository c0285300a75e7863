import { isRunwayError } from '../../../domain/errors.ts';
import type { ProviderId } from '../../../domain/graph/provider-contribution.ts';
import { admission } from '../../../domain/retraining/circuit/admission.ts';
import { type CircuitCommand, type CircuitLimits, closedCircuit } from '../../../domain/retraining/circuit/circuit.ts';
import { decideCircuit } from '../../../domain/retraining/circuit/decide-circuit.ts';
import { evolveCircuit } from '../../../domain/retraining/circuit/evolve-circuit.ts';
import type { Instant } from '../../../domain/time.ts';
import type { ProviderStore } from '../../../ports/provider-store.ts';
import { withRetryOnConflict } from '../../with-retry-on-conflict.ts';

/** Readings are short and many, trainings long and few: so it tries again sooner and lets more through. */
const limits: CircuitLimits = {
  failuresToOpen: 5,
  firstBackOffSeconds: 30,
  maximumBackOffSeconds: 900,
  probes: 2,
  probeSeconds: 60,
  drainStartsPerMinute: 120,
  drainMinutes: 1,
};

export type Guard = { readonly provider: ProviderId; readonly callId: string; readonly now: Instant };

/**
 * Calls a provider unless its circuit is open, which all functions share, and lets the outcome count: no answer opens it,
 * everything else is one. Throws `CircuitOpen`, and what the call throws.
 */
export async function guardProvider<T>(
  providerStore: ProviderStore,
  { provider, callId, now }: Guard,
  call: () => Promise<T>,
): Promise<T> {
  await change(providerStore, provider, { type: 'AdmitStart', startId: callId }, now);
  try {
    const answer = await call();
    await change(providerStore, provider, { type: 'RecordAnswer' }, now);
    return answer;
  } catch (error) {
    if (isRunwayError(error) && error.name === 'DependencyUnavailable')
      await change(providerStore, provider, { type: 'RecordFailure', reason: error.message }, now);
    throw error;
  }
}

/** When a call may be let through; undefined when it is now. */
export async function nextAdmission(
  providerStore: ProviderStore,
  provider: ProviderId,
  now: Instant,
): Promise<Instant | undefined> {
  const state = (await providerStore.get(provider, 'circuit'))?.value ?? closedCircuit;
  const answer = admission(state, limits, now);
  return answer.admitted ? undefined : answer.retryAt;
}

function change(store: ProviderStore, provider: ProviderId, command: CircuitCommand, now: Instant): Promise<void> {
  return withRetryOnConflict(async () => {
    const stored = await store.get(provider, 'circuit');
    const before = stored?.value ?? closedCircuit;
    const events = decideCircuit(command, before, now, limits);
    if (events.length === 0) return;
    await store.put(provider, 'circuit', {
      value: events.reduce(evolveCircuit, before),
      revision: stored?.revision ?? 0,
    });
  });
}
