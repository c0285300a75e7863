import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { GraphHints } from '../../ports/graph-hints.ts';
import { callDependency } from '../dependency-error.ts';

/** Into the queue in which the registry's events wait for the graph, too. */
export function createSqsGraphHints(options: { readonly client: SQSClient; readonly queueUrl: string }): GraphHints {
  const { client, queueUrl } = options;
  const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ graphChanged: true }) });
  return { changed: async () => void (await callDependency('SQS', () => client.send(message))) };
}
