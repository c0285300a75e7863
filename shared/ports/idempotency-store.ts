import type { Instant } from '../domain/time.ts';

export type StoredResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type IdempotentRequest = {
  /** Actor, operation and the client's key. */
  readonly key: string;
  /** Of path, query and body; another hash under the same key is a different request. */
  readonly requestHash: string;
  readonly now: Instant;
};

/** Remembers answers for 24 hours, so that a repeated POST gets the first one's answer. */
export interface IdempotencyStore {
  /**
   * Takes a lease of 60 seconds and resolves to undefined, or resolves to the stored answer. Throws
   * `IdempotencyKeyReused` on another hash and `IdempotencyInProgress` while another call holds the lease.
   */
  begin(request: IdempotentRequest): Promise<StoredResponse | undefined>;
  /** Does nothing when the lease was lost to a later call; an answer too long to keep frees the key. */
  complete(request: IdempotentRequest, response: StoredResponse): Promise<void>;
  /** After a failure: the key is free again. */
  release(request: IdempotentRequest): Promise<void>;
}
