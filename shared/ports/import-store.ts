import type { GraphImport } from '../domain/graph/import/graph-import.ts';
import type { ProviderId } from '../domain/graph/provider-contribution.ts';

/** A provider's imports, of which one at a time writes. */
export type ProviderImports = {
  readonly provider: ProviderId;
  /** How many were opened. */
  readonly count: number;
  /** Id of the one that may write, or was the last to. */
  readonly holder?: string;
  /** Grows with every write. */
  readonly revision: number;
};

export type ImportPart = {
  readonly part: number;
  /** Unpacked. */
  readonly bytes: number;
};

/** How far imports have come. Every write expects the revision before its own and throws `VersionConflict` otherwise. */
export interface ImportStore {
  get(importId: string): Promise<GraphImport | undefined>;
  put(next: GraphImport): Promise<void>;
  provider(provider: ProviderId): Promise<ProviderImports | undefined>;
  /** A new import, or another holder; both or none. */
  putBoth(next: GraphImport, provider: ProviderImports): Promise<void>;
  /** Puts a part in place of the one of its number. */
  putPart(importId: string, part: ImportPart): Promise<void>;
  /** In their order. */
  parts(importId: string): Promise<readonly ImportPart[]>;
}
