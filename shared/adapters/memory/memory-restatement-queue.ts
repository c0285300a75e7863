import type { RestatementMessage, RestatementQueue } from '../../ports/restatement-queue.ts';

/** Twin of the SQS queue. */
export function createMemoryRestatementQueue(): RestatementQueue & { readonly messages: RestatementMessage[] } {
  const messages: RestatementMessage[] = [];
  return { messages, send: async (message) => void messages.push(message) };
}
