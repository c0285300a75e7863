import type { ProviderId } from '../domain/graph/provider-contribution.ts';
import type { Provider } from './provider.ts';

/** The providers that are asked, as they are configured now. */
export interface ProviderDirectory {
  find(provider: ProviderId): Promise<Provider | undefined>;
  /** Whose entities have this platform in their URIs. */
  ofPlatform(platform: string): Promise<ProviderId | undefined>;
}
