import type { BaselineQueue, BaselineRequest } from '../../ports/baseline-queue.ts';

/** Twin of the SQS queue. */
export function createMemoryBaselineQueue(): BaselineQueue & { readonly requests: readonly BaselineRequest[] } {
  const requests: BaselineRequest[] = [];
  return { requests, send: async (request) => void requests.push(request) };
}
