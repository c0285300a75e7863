import type { StringTable } from './string-table.ts';

/** Ends of claims that have none. */
export const noEnd = 0xffff_ffff;

/**
 * All that all streams say, as compressed sparse rows: claims stand by the entity from which they go, those of node `n`
 * from `claimFirst[n]` to before `claimFirst[n + 1]`, and descriptions by what they are of. Everything that repeats is a
 * number of a sorted table, so numbers compare as their texts do. The other direction is sorted when it is loaded, which
 * takes less time than reading it would.
 */
export type GraphColumns = {
  /** Number of the change of the log that everything up to it includes. */
  readonly change: number;
  readonly uris: StringTable;
  readonly streams: StringTable;
  readonly instants: StringTable;
  readonly edgeTypes: StringTable;
  /** JSON of the claim without its ends, type and times. */
  readonly sayings: StringTable;
  /** JSON of the entity without its URI and type. */
  readonly descriptions: StringTable;
  readonly claimFirst: Uint32Array;
  readonly claimTo: Uint32Array;
  readonly claimType: Uint8Array;
  readonly claimStream: Uint32Array;
  readonly claimSaying: Uint32Array;
  readonly claimValidFrom: Uint32Array;
  /** `noEnd` while it holds. */
  readonly claimValidTo: Uint32Array;
  readonly entityFirst: Uint32Array;
  readonly entityStream: Uint32Array;
  readonly entityDescription: Uint32Array;
};
