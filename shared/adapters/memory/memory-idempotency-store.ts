import type { IdempotencyStore, IdempotentRequest } from '../../ports/idempotency-store.ts';
import { answerFrom, type IdempotencyRecord, leaseFor } from '../idempotency-record.ts';

/** Twin of the DynamoDB store for tests. */
export function createMemoryIdempotencyStore(): IdempotencyStore {
  const records = new Map<string, IdempotencyRecord>();
  const holdsLease = (request: IdempotentRequest) => {
    const record = records.get(request.key);
    const lease = leaseFor(request);
    return (
      record?.response === undefined &&
      record?.leaseUntil === lease.leaseUntil &&
      record.requestHash === lease.requestHash
    );
  };
  return {
    begin: async (request) => {
      const answer = answerFrom(records.get(request.key), request);
      if (answer === undefined) records.set(request.key, leaseFor(request));
      return answer;
    },
    complete: async (request, response) => {
      if (holdsLease(request)) records.set(request.key, { ...leaseFor(request), response });
    },
    release: async (request) => {
      if (holdsLease(request)) records.delete(request.key);
    },
  };
}
