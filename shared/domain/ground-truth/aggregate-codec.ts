import type { Paired, Profile } from './aggregates.ts';
import type { PerformancePoint } from './hour-aggregates.ts';
import { packJson, unpackJson } from './packed-json.ts';

type Aggregates = { profile: Profile; performance: readonly PerformancePoint[]; paired: Paired };

/** What is stored for one hour and bucket: the inputs and outputs, the results, or the comparison of two versions. */
export type AggregateKind = keyof Aggregates;

export function encodeAggregate<K extends AggregateKind>(_kind: K, value: Aggregates[K]): Uint8Array {
  return packJson(value);
}

/** Throws when the bytes are not from `encodeAggregate`. */
export function decodeAggregate<K extends AggregateKind>(_kind: K, data: Uint8Array): Aggregates[K] {
  // Our own bytes under a key that names their kind; a window reads hundreds of them.
  return unpackJson(data) as Aggregates[K];
}
