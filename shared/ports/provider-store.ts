import type { ProviderConfiguration } from '../domain/graph/ingestion/provider-configuration.ts';
import type { ProviderDeletion } from '../domain/graph/ingestion/provider-deletion.ts';
import type { Reconcile } from '../domain/graph/ingestion/reconcile.ts';
import type { ProviderId } from '../domain/graph/provider-contribution.ts';
import type { CircuitState } from '../domain/retraining/circuit/circuit.ts';

/** What is kept of every provider. */
export type ProviderDocuments = {
  readonly configuration: ProviderConfiguration & { readonly changedBy: string; readonly changedAt: string };
  readonly reconcile: Reconcile;
  readonly circuit: CircuitState;
  readonly deletion: ProviderDeletion;
};
export type ProviderDocumentName = keyof ProviderDocuments;

export type Revised<T> = { readonly value: T; readonly revision: number };

/** Small documents of each provider. Twins: `adapters/memory`, `adapters/dynamodb`. */
export interface ProviderStore {
  /** Strongly consistent. */
  get<N extends ProviderDocumentName>(
    provider: ProviderId,
    name: N,
  ): Promise<Revised<ProviderDocuments[N]> | undefined>;
  /** Throws `VersionConflict` unless the document has the revision; 0 stands for none. */
  put<N extends ProviderDocumentName>(
    provider: ProviderId,
    name: N,
    document: Revised<ProviderDocuments[N]>,
  ): Promise<void>;
  /** Throws `VersionConflict` unless the document has the revision. */
  remove(provider: ProviderId, name: ProviderDocumentName, revision: number): Promise<void>;
  /** One document of every provider that has it, by provider. */
  all<N extends ProviderDocumentName>(name: N): Promise<ReadonlyMap<ProviderId, ProviderDocuments[N]>>;
}
