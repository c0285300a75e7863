import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { createKinesisEventStream } from '../../shared/adapters/kinesis/kinesis-event-stream.ts';
import type { Connection } from './deployment.ts';
import { readFailedBatch } from './failed-batch.ts';
import { readBatch } from './read-batch.ts';
import type { Redriven } from './redriven.ts';

type Reached = Pick<Connection, 'kinesis' | 'sqs' | 'streamName'>;

// What is left over is not received twice in one run; 6 MB of records are read and put in seconds.
const visibilitySeconds = 900;

/**
 * Puts the records of every batch in the queue on the stream again and removes it from the queue; a batch that cannot be
 * read stays. Interrupted, it is run again: records that are put twice count once, because a prediction and its outcome
 * are known by their id.
 */
export async function redriveBatches(connection: Reached, queueUrl: string): Promise<Redriven> {
  let [done, records] = [0, 0];
  const left: { what: string; why: string }[] = [];
  for (;;) {
    const messages = await receive(connection, queueUrl);
    if (messages.length === 0) return { done, records, left };
    for (const message of messages) {
      try {
        records += await putAgain(connection, message.Body ?? '');
        const { ReceiptHandle } = message;
        await connection.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        done += 1;
      } catch (error) {
        left.push({
          what: `message ${message.MessageId}`,
          why: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }
}

async function receive({ sqs }: Reached, QueueUrl: string): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: visibilitySeconds,
      // Without waiting, SQS asks only some of its servers.
      WaitTimeSeconds: 1,
    }),
  );
  return Messages;
}

async function putAgain({ kinesis, streamName }: Reached, body: string): Promise<number> {
  const stream = createKinesisEventStream({ client: kinesis, streamName });
  let count = 0;
  for await (const page of readBatch({ client: kinesis, streamName }, readFailedBatch(body))) {
    await stream.put(page);
    count += page.length;
  }
  return count;
}
