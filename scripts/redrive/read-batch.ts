import { type _Record, GetRecordsCommand, GetShardIteratorCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import type { FailedBatch } from './failed-batch.ts';

export type KeyedRecord = { readonly partitionKey: string; readonly data: Uint8Array };
type Source = { readonly client: Pick<KinesisClient, 'send'>; readonly streamName: string };

// A response has 10 MB at most, however many records are asked for.
const recordsPerCall = 500;

/**
 * The records of the range as they were put, page by page. With several batches of a shard handled at once, some of them
 * were handled: putting them again changes nothing. Throws an Error when the stream no longer has them all.
 */
export async function* readBatch(source: Source, batch: FailedBatch): AsyncGenerator<readonly KeyedRecord[]> {
  const last = BigInt(batch.endSequenceNumber);
  let found = 0;
  for await (const page of pagesFrom(source, batch)) {
    const wanted = page.filter(({ SequenceNumber = '0' }) => BigInt(SequenceNumber) <= last);
    found += wanted.length;
    yield wanted.map(({ PartitionKey = '', Data = new Uint8Array() }) => ({ partitionKey: PartitionKey, data: Data }));
    if (page.some(({ SequenceNumber = '0' }) => BigInt(SequenceNumber) >= last)) break;
  }
  if (found < batch.batchSize) throw expired(batch, `${found} of ${batch.batchSize}`);
}

async function* pagesFrom({ client, streamName }: Source, batch: FailedBatch): AsyncGenerator<readonly _Record[]> {
  let ShardIterator = await iteratorAt(client, streamName, batch);
  while (ShardIterator !== undefined) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator, Limit: recordsPerCall }));
    yield page.Records ?? [];
    // An empty page is no end: Kinesis gives some where nothing was put for a while.
    if (page.MillisBehindLatest === 0) return;
    ShardIterator = page.NextShardIterator;
  }
}

async function iteratorAt(
  client: Source['client'],
  StreamName: string,
  batch: FailedBatch,
): Promise<string | undefined> {
  const { shardId: ShardId, startSequenceNumber: StartingSequenceNumber } = batch;
  const ShardIteratorType = 'AT_SEQUENCE_NUMBER';
  try {
    const answer = await client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType, StartingSequenceNumber }),
    );
    return answer.ShardIterator;
  } catch (error) {
    // What is older than the stream keeps is as good as never put.
    if (error instanceof Error && /^(InvalidArgument|ResourceNotFound)Exception$/.test(error.name))
      throw expired(batch, 'none');
    throw error;
  }
}

function expired(batch: FailedBatch, found: string): Error {
  const { approximateArrivalOfFirstRecord: from, approximateArrivalOfLastRecord: to } = batch;
  return new Error(`the stream has ${found} of its records, which arrived from ${from} to ${to}`);
}
