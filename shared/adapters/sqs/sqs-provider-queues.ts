import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { HydrationQueue } from '../../ports/hydration-queue.ts';
import type { ReconcileQueue } from '../../ports/reconcile-queue.ts';
import { callDependency, dependencyUnavailable } from '../dependency-error.ts';

type Options = { readonly client: SQSClient; readonly queueUrl: string };

const messagesPerCall = 10;

/** A standard queue: what comes twice is read twice at most, and says the same. */
export function createSqsHydrationQueue({ client, queueUrl }: Options): HydrationQueue {
  return {
    send: async (requests, delaySeconds = 0) => {
      for (let from = 0; from < requests.length; from += messagesPerCall) {
        const Entries = requests.slice(from, from + messagesPerCall).map((request, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(request),
          ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
        }));
        const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
        const { Failed = [] } = await callDependency('SQS', () => client.send(command));
        if (Failed.length > 0) throw dependencyUnavailable('SQS', new Error(Failed[0]?.Message));
      }
    },
  };
}

/** A standard queue; a step that comes twice finds the page taken. */
export function createSqsReconcileQueue({ client, queueUrl }: Options): ReconcileQueue {
  return {
    send: async (step, delaySeconds = 0) => {
      const delay = delaySeconds > 0 ? { DelaySeconds: delaySeconds } : {};
      const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(step), ...delay });
      await callDependency('SQS', () => client.send(message));
    },
  };
}
