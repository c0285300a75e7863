import { SendMessageCommand, type SendMessageCommandInput, type SQSClient } from '@aws-sdk/client-sqs';
import { traceHeader } from '../../observability/trace-header.ts';
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
      const message = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(request),
        ...traceAttribute(),
      });
      await callDependency('SQS', () => client.send(message));
    },
  };
}

// A system attribute: it does not count towards the ten attributes of a message and consumers' SDKs read it.
function traceAttribute(): Pick<SendMessageCommandInput, 'MessageSystemAttributes'> {
  const StringValue = traceHeader();
  if (StringValue === undefined) return {};
  return { MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue } } };
}
