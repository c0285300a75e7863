import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createRunwayClient } from '../../sdk/client.ts';
import { createEncoder } from './models/encoder.ts';
import { prepareFlights } from './prepare-data.ts';
import { createArtifacts } from './runway/artifacts.ts';
import { createRoutingReader } from './runway/routing-table.ts';
import { trainingRequestSchema } from './runway/views.ts';
import { environment, readEnvironment } from './settings.ts';
import type { TrainerContext } from './train-candidate.ts';
import { answerTrainingRequest, reportFailure } from './train-candidate.ts';

/** A process of its own: takes training requests from the queue, one at a time, until it is told to stop. */
const settings = readEnvironment();
const queueUrl = environment('RUNWAY_TRAINING_REQUEST_QUEUE_URL');
const stopped = new AbortController();
process.on('SIGTERM', () => stopped.abort());
// Ctrl-C reaches the whole group; whoever started this process decides what it means.
process.on('SIGINT', () => undefined);
// Whoever started this process is gone.
process.on('disconnect', () => stopped.abort());

const { flights } = await prepareFlights(settings.dataDir, settings.dates);
const context: Omit<TrainerContext, 'client'> = {
  artifacts: createArtifacts(settings.artifactBucket),
  readRouting: createRoutingReader(settings.cdnUrl),
  flights,
  encoder: createEncoder(flights),
  fault: process.env.FLIGHTS_TRAINER_FAULT === 'inverted-labels' ? 'inverted-labels' : 'none',
};
const queue = new SQSClient({});
process.send?.('ready');
while (!stopped.signal.aborted) for (const message of await receive()) await answer(message);
process.exit();

async function receive(): Promise<readonly Message[]> {
  const command = new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 20, MaxNumberOfMessages: 1 });
  try {
    const { Messages = [] } = await queue.send(command, { abortSignal: stopped.signal });
    return Messages;
  } catch (error) {
    if (stopped.signal.aborted) return [];
    throw error;
  }
}

/** A message that cannot even be reported as failed stays in the queue: it comes again, in the end to the dead letters. */
async function answer(message: Message): Promise<void> {
  const request = trainingRequestSchema.parse(JSON.parse(message.Body ?? ''));
  const client = createRunwayClient({
    baseUrl: settings.apiUrl,
    token: () => settings.token,
    correlationId: request.correlationId,
  });
  try {
    await answerTrainingRequest({ ...context, client }, request);
  } catch (error) {
    console.error(`training ${request.runId} failed:`, error);
    await reportFailure(client, request, error);
  }
  await queue.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: message.ReceiptHandle }));
}
