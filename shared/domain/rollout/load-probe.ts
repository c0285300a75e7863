import type { Instant } from '../time.ts';

/** What a consuming service needs to try whether it can load the candidate. */
export type LoadProbeRequest = {
  readonly probeId: string;
  readonly service: string;
  readonly team?: string;
  /** Where it is told, besides the bus. */
  readonly url?: string;
  readonly version: number;
  readonly artifactUri: string;
  readonly artifactDigest: string;
  readonly environmentLockDigest: string;
  /** No answer by then is a no. */
  readonly deadline: Instant;
};
export type LoadProbeAnswer = { readonly loaded: boolean; readonly reason?: string; readonly answeredAt: Instant };
export type LoadProbes = readonly (LoadProbeRequest & {
  /** When its address took it. */
  readonly takenAt?: Instant;
  readonly answer?: LoadProbeAnswer;
})[];
