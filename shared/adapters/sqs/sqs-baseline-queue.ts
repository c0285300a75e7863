import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { currentCorrelationId } from '../../observability/correlation.ts';
import type { BaselineQueue } from '../../ports/baseline-queue.ts';
import { callDependency } from '../dependency-error.ts';

/** A standard queue; the message has the shape of a domain event's, so that the job says what it belongs to. */
export function createSqsBaselineQueue(options: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): BaselineQueue {
  const { client, queueUrl } = options;
  return {
    send: async (request) => {
      const detail = { ...request, correlationId: currentCorrelationId() };
      const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ detail }) });
      await callDependency('SQS', () => client.send(message));
    },
  };
}
