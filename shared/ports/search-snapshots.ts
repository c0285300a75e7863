import type { SearchedStream, StoredStreams } from '../domain/graph/search/searched-stream.ts';
import type { Instant } from '../domain/time.ts';

export type SearchManifest = {
  /** Number of the last change of the graph that the snapshot includes. */
  readonly change: number;
  /** How often a snapshot had to be made because readers saw something else than the store holds. */
  readonly repairs: number;
  readonly writtenAt: Instant;
  readonly documents: number;
};

/** To be written. */
export type SearchSnapshot = SearchManifest & {
  readonly streams: Iterable<SearchedStream>;
  /** As `SavableSearchIndex` saved it. */
  readonly index: Uint8Array;
};

export type StoredSearchSnapshot = SearchManifest & { readonly streams: StoredStreams; readonly index: Uint8Array };

/** The search index as of a change of the graph; whoever loads it follows the change log from there. */
export interface SearchSnapshots {
  /** Of the snapshot that holds; undefined when there is none, or none of this program's format. */
  manifest(): Promise<SearchManifest | undefined>;
  /** Undefined also when what is stored is not what its manifest says. */
  latest(): Promise<StoredSearchSnapshot | undefined>;
  /** Holds when it is whole. Keeps the snapshot before, which somebody may be reading, and deletes older ones. */
  write(snapshot: SearchSnapshot): Promise<void>;
}
