import { countingSort } from '../../counting-sort.ts';
import type { GraphColumns } from './graph-columns.ts';

/** Which claims and descriptions are whose. */
export type StreamIndex = {
  readonly claimsOf: (stream: number) => Int32Array;
  readonly entitiesOf: (stream: number) => Int32Array;
};

/** O(claims + entities + streams). */
export function indexStreams({ streams, claimStream, entityStream }: GraphColumns): StreamIndex {
  const claims = countingSort(streams.ends.length, claimStream);
  const entities = countingSort(streams.ends.length, entityStream);
  return {
    claimsOf: (stream) => claims.order.subarray(claims.first[stream], claims.first[stream + 1]),
    entitiesOf: (stream) => entities.order.subarray(entities.first[stream], entities.first[stream + 1]),
  };
}
