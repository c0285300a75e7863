import type { ProviderId } from '../domain/graph/provider-contribution.ts';
import type { Instant } from '../domain/time.ts';

/** What the reconciles of a provider listed, page by page; kept for as long as the next one may need it. */
export interface ListingStore {
  /** In place of what the page held before. */
  put(
    provider: ProviderId,
    page: { readonly generation: number; readonly page: number; readonly bytes: Uint8Array; readonly now: Instant },
  ): Promise<void>;
  /** All its pages, in order. */
  read(provider: ProviderId, generation: number): Promise<readonly Uint8Array[]>;
}
