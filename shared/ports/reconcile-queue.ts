import type { ProviderId } from '../domain/graph/provider-contribution.ts';

/** Asks for the next step of a provider's reconcile, at least once. */
export interface ReconcileQueue {
  send(step: { readonly provider: ProviderId; readonly generation: number }, delaySeconds?: number): Promise<void>;
}
