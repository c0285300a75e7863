import { headerError, RunwayError } from '../domain/errors.ts';
import { type Instant, toInstant, toMillis } from '../domain/time.ts';
import type { IdempotentRequest, StoredResponse } from '../ports/idempotency-store.ts';

/** What both twins keep under a key. Without a response the first call has not ended. */
export type IdempotencyRecord = {
  readonly requestHash: string;
  readonly leaseUntil: Instant;
  readonly expiresAt: Instant;
  readonly response?: StoredResponse;
};

const leaseMillis = 60_000;
const rememberedMillis = 86_400_000;

/** The record of a call that begins. */
export function leaseFor({ requestHash, now }: IdempotentRequest): IdempotencyRecord {
  return {
    requestHash,
    leaseUntil: toInstant(toMillis(now) + leaseMillis),
    expiresAt: toInstant(toMillis(now) + rememberedMillis),
  };
}

/** The stored answer, or undefined when the call may go on under a new lease; throws as the port says. */
export function answerFrom(
  record: IdempotencyRecord | undefined,
  request: IdempotentRequest,
): StoredResponse | undefined {
  if (record === undefined || record.expiresAt <= request.now) return undefined;
  if (record.requestHash !== request.requestHash) {
    throw headerError(
      'IdempotencyKeyReused',
      'idempotency-key-reused',
      'Idempotency-Key',
      'the Idempotency-Key was used with another request',
    );
  }
  if (record.response === undefined && record.leaseUntil > request.now) throw inProgress();
  return record.response;
}

export function inProgress(): RunwayError {
  return new RunwayError(
    'IdempotencyInProgress',
    'idempotency-in-progress',
    'the first request with this Idempotency-Key has not ended',
  );
}
