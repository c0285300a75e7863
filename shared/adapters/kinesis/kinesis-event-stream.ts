import { setTimeout as wait } from 'node:timers/promises';
import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import type { EventStream } from '../../ports/event-stream.ts';
import { callDependency, dependencyUnavailable } from '../dependency-error.ts';

type StreamRecords = Parameters<EventStream['put']>[0];
type Options = {
  readonly client: Pick<KinesisClient, 'send'>;
  readonly streamName: string;
  /** Before each further attempt. @default 50 ms, doubled each time */
  readonly pause?: (attempt: number) => Promise<unknown>;
};

// Of PutRecords: 500 records and 5 MiB in all, keys included.
const recordsPerCall = 500;
const bytesPerCall = 4_500_000;
const attempts = 6;

/** A shard that is full refuses some records of a call; those are put again. */
export function createKinesisEventStream(options: Options): EventStream {
  return {
    put: async (records) => {
      for (const chunk of chunksOf(records)) await putChunk(options, chunk);
    },
  };
}

async function putChunk(options: Options, chunk: StreamRecords): Promise<void> {
  const { pause = (attempt) => wait(25 * 2 ** attempt) } = options;
  let left = chunk;
  for (let attempt = 1; ; attempt += 1) {
    left = await callDependency('Kinesis', () => putOnce(options, left));
    if (left.length === 0) return;
    if (attempt === attempts) throw dependencyUnavailable('Kinesis', new Error(`${left.length} records were refused`));
    await pause(attempt);
  }
}

/** The records that were refused. */
async function putOnce({ client, streamName }: Options, records: StreamRecords): Promise<StreamRecords> {
  const answer = await client.send(
    new PutRecordsCommand({
      StreamName: streamName,
      Records: records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })),
    }),
  );
  return records.filter((_, i) => answer.Records?.[i]?.SequenceNumber === undefined);
}

function chunksOf(records: StreamRecords): StreamRecords[] {
  const chunks: StreamRecords[number][][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const record of records) {
    const size = record.data.length + record.partitionKey.length;
    if (bytes + size > bytesPerCall || chunks.at(-1)?.length === recordsPerCall) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(record);
    bytes += size;
  }
  return chunks;
}
