import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { currentCorrelationId } from '../../observability/correlation.ts';
import type { RestatementQueue } from '../../ports/restatement-queue.ts';
import { callDependency } from '../dependency-error.ts';

/**
 * What joins reads who is distrusted once an invocation, which takes a minute at most, from an index that follows within
 * seconds. A restatement that begins later than both meets nothing that still counts on the former trust.
 */
const trustSettlesSeconds = 120;

/** A standard queue; the message has the shape of a domain event's, so that the job says what it belongs to. */
export function createSqsRestatementQueue(options: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): RestatementQueue {
  const { client, queueUrl } = options;
  return {
    send: async (message) => {
      const detail = { ...message, correlationId: currentCorrelationId() };
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ detail }),
        ...('writer' in message && { DelaySeconds: trustSettlesSeconds }),
      });
      await callDependency('SQS', () => client.send(command));
    },
  };
}
