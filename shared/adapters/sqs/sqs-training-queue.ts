import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { TrainingQueue } from '../../ports/training-queue.ts';
import { callDependency } from '../dependency-error.ts';

/** A standard queue: a trainer may receive a request twice and recognises it by its `runId`. */
export function createSqsTrainingQueue({
  client,
  queueUrl,
}: {
  readonly client: SQSClient;
  readonly queueUrl: string;
}): TrainingQueue {
  return {
    publish: async (request) => {
      const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(request) });
      await callDependency('SQS', () => client.send(message));
    },
  };
}
