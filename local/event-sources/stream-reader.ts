import type { JsonClient } from '../engines/json-client.ts';

export type StreamRecord = {
  readonly sequenceNumber: string;
  /** About what the record adds to the event's size. */
  readonly bytes: number;
  /** False when the mapping's filters drop it. */
  readonly isWanted: boolean;
  /** The record as Lambda's event has it; `arrivedAt` is virtual milliseconds. */
  toEvent(arrivedAt: number): unknown;
};

/** Reads a stream shard by shard, in the order of sequence numbers. */
export interface StreamReader {
  shards(): Promise<readonly string[]>;
  /** Up to `limit` records after a sequence number; from the oldest on when undefined. */
  read(shardId: string, after: string | undefined, limit: number): Promise<readonly StreamRecord[]>;
}

export type StreamReaderOptions = {
  readonly call: JsonClient;
  /** What names the stream in a request. */
  readonly address: () => Promise<object>;
  readonly sequenceField: 'SequenceNumber' | 'StartingSequenceNumber';
  readonly listShards: () => Promise<readonly string[]>;
  readonly toRecord: (shardId: string, wire: unknown) => StreamRecord;
};

type Position = { readonly after: string | undefined; readonly iterator: string };

/** The part that Kinesis and DynamoDB Streams share: GetShardIterator and GetRecords. */
export function createStreamReader(options: StreamReaderOptions): StreamReader {
  const { call, sequenceField } = options;
  const positionByShard = new Map<string, Position>();
  let shards: readonly string[] | undefined;

  async function seek(shardId: string, after: string | undefined): Promise<string> {
    const place =
      after === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', [sequenceField]: after };
    const input = { ...(await options.address()), ShardId: shardId, ...place };
    return String((await call('GetShardIterator', input)).ShardIterator);
  }

  return {
    async shards() {
      shards ??= await options.listShards();
      return shards;
    },
    async read(shardId, after, limit) {
      const known = positionByShard.get(shardId);
      // Forgotten until this read succeeds: an iterator that has expired must not be used twice.
      positionByShard.delete(shardId);
      const iterator = known !== undefined && known.after === after ? known.iterator : await seek(shardId, after);
      const output = await call('GetRecords', { ShardIterator: iterator, Limit: limit });
      const wires = Array.isArray(output.Records) ? output.Records : [];
      const records = wires.map((wire) => options.toRecord(shardId, wire));
      const next = output.NextShardIterator;
      if (typeof next === 'string') {
        positionByShard.set(shardId, { after: records.at(-1)?.sequenceNumber ?? after, iterator: next });
      }
      return records;
    },
  };
}
