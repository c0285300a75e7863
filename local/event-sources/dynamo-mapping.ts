import * as z from 'zod';
import { createJsonClient } from '../engines/json-client.ts';
import { parseArn } from '../services/arn.ts';
import type { WorkSource } from '../types.ts';
import { readMapping } from './mapping-settings.ts';
import { createStreamMapping, type StreamMappingOptions } from './stream-mapping.ts';
import { createStreamReader, type StreamRecord } from './stream-reader.ts';

const wireSchema = z.looseObject({
  eventID: z.string(),
  eventName: z.string(),
  dynamodb: z.looseObject({ SequenceNumber: z.string(), SizeBytes: z.number() }),
});
const tableSchema = z.object({ Table: z.object({ LatestStreamArn: z.string() }) });
const shardsSchema = z.object({
  StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }),
});

/** Lambda's poller for a table's stream, on the engine at `endpoint`. */
export function createDynamoMapping(options: StreamMappingOptions): WorkSource {
  const settings = readMapping(options.mapping, 100);
  const contentType = 'application/x-amz-json-1.0';
  const call = createJsonClient(options.endpoint, 'DynamoDBStreams_20120810', contentType);
  let streamArn: string | undefined;

  /** The engine has an ARN of its own for the stream that the template names. */
  async function address(): Promise<{ StreamArn: string }> {
    if (streamArn === undefined) {
      const TableName = parseArn(settings.sourceArn).resource.split('/')[1];
      const describe = createJsonClient(options.endpoint, 'DynamoDB_20120810', contentType);
      streamArn = tableSchema.parse(await describe('DescribeTable', { TableName })).Table.LatestStreamArn;
    }
    return { StreamArn: streamArn };
  }

  function toRecord(_shardId: string, wire: unknown): StreamRecord {
    const record = wireSchema.parse(wire);
    return {
      sequenceNumber: record.dynamodb.SequenceNumber,
      bytes: record.dynamodb.SizeBytes * 2 + 600,
      isWanted: settings.filter?.(record) ?? true,
      toEvent: (arrivedAt) => ({
        ...record,
        awsRegion: settings.region,
        dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: Math.floor(arrivedAt / 1000) },
        eventSourceARN: settings.sourceArn,
      }),
    };
  }

  const reader = createStreamReader({
    call,
    address,
    sequenceField: 'SequenceNumber',
    listShards: async () =>
      shardsSchema
        .parse(await call('DescribeStream', await address()))
        .StreamDescription.Shards.map(({ ShardId }) => ShardId),
    toRecord,
  });
  return createStreamMapping({ ...options, settings, reader, infoField: 'DDBStreamBatchInfo' });
}
