import { createHash } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it } from 'vitest';
import { createQueueOrchestrator } from '../../../shared/adapters/orchestrators/queue-orchestrator.ts';
import { createSqsTrainingQueue } from '../../../shared/adapters/sqs/sqs-training-queue.ts';
import { orchestratorContract, type StandIn, training } from './orchestrator.contract.ts';
import { createStandInServer } from './stand-in-server.ts';

/** A queue whose trainer, as trainers must, takes each run once however often it is told. */
async function createQueueStandIn(): Promise<StandIn & { readonly messages: readonly string[] }> {
  const messages: string[] = [];
  const server = await createStandInServer(({ body }) => {
    const { MessageBody } = body as { MessageBody: string };
    messages.push(MessageBody);
    const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
    return {
      status: 200,
      body: { MessageId: String(messages.length), MD5OfMessageBody },
      type: 'application/x-amz-json-1.0',
    };
  });
  const runIds = () => messages.map((message) => (JSON.parse(message) as { runId: string }).runId);
  return {
    server,
    messages,
    pipeline: '',
    orchestrator: ({ timeoutMilliseconds }) =>
      createQueueOrchestrator(
        createSqsTrainingQueue({
          queueUrl: `${server.url}/123456789012/training`,
          client: new SQSClient({
            endpoint: server.url,
            region: 'eu-west-1',
            credentials: { accessKeyId: 'test', secretAccessKey: 'hush' },
            maxAttempts: 1,
            requestHandler: new NodeHttpHandler({ requestTimeout: timeoutMilliseconds, throwOnRequestTimeout: true }),
          }),
        }),
      ),
    runsOf: (requestId) => new Set(runIds().filter((runId) => runId === requestId)).size,
    end: () => {},
  };
}

orchestratorContract('the training queue', createQueueStandIn, {
  refusesUnknownPipelines: false,
  tellsStatus: false,
  endings: [],
  stops: false,
  // The queue's answer carries nothing that a sender needs.
  harmless: ['answers other JSON'],
});

describe('the training queue besides', () => {
  it('carries the request as trainers know it', async () => {
    const { server, orchestrator, messages } = await createQueueStandIn();
    const parameters = training('late-live-r3-a1');
    const start = { requestId: 'late-live-r3-a1', pipeline: '', parameters, now: '2001-02-05T10:00:00.000Z' };
    await orchestrator({ timeoutMilliseconds: 10_000 }).start(start);
    expect(JSON.parse(messages[0] ?? '')).toMatchObject({
      runId: 'late-live-r3-a1',
      causes: ['performance', 'schedule'],
      championVersion: 2,
    });
    await server.close();
  });
});
