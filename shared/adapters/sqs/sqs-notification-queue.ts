import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { NotificationQueue } from '../../ports/notification-queue.ts';
import { callDependency } from '../dependency-error.ts';

/** A standard queue; a delivery that comes twice is looked up before it is attempted. */
export function createSqsNotificationQueue(options: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): NotificationQueue {
  const { client, queueUrl } = options;
  return {
    send: async (request, delaySeconds = 0) => {
      const delay = delaySeconds > 0 ? { DelaySeconds: Math.ceil(delaySeconds) } : {};
      const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(request), ...delay });
      await callDependency('SQS', () => client.send(message));
    },
  };
}
