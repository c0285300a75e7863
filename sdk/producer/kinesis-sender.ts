import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { Send } from './outbox.ts';

/** Sends through a client of the caller's, to the stream that the state stack's output `EventStreamName` names. */
export function createKinesisSender(client: Pick<KinesisClient, 'send'>, streamName: string): Send {
  return async (records) => {
    const { Records = [] } = await client.send(
      new PutRecordsCommand({
        StreamName: streamName,
        Records: records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })),
      }),
    );
    return records.filter((_, i) => Records[i]?.SequenceNumber === undefined);
  };
}
