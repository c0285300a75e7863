import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { ScanQueue } from '../../ports/scan-queue.ts';
import { callDependency } from '../dependency-error.ts';

/** A standard queue, one message a shard: a shard that comes twice evaluates nothing twice. */
export function createSqsScanQueue(options: { readonly client: SQSClient; readonly queueUrl: string }): ScanQueue {
  const { client, queueUrl } = options;
  return {
    send: async (shards) => {
      for (const shard of shards) {
        const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(shard) });
        await callDependency('SQS', () => client.send(message));
      }
    },
  };
}
