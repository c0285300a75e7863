import type { ProviderId } from '../domain/graph/provider-contribution.ts';
import type { StoredContribution } from './graph-store.ts';

/** Everything that one provider says, some at a time. What is written meanwhile may or may not be among it. */
export interface ProviderContributions {
  visit(provider: ProviderId, take: (some: readonly StoredContribution[]) => void): Promise<void>;
}
