import * as z from 'zod';
import { createJsonClient } from '../engines/json-client.ts';
import { parseArn } from '../services/arn.ts';
import type { WorkSource } from '../types.ts';
import { readMapping } from './mapping-settings.ts';
import { createStreamMapping, type StreamMappingOptions } from './stream-mapping.ts';
import { createStreamReader, type StreamRecord } from './stream-reader.ts';

const wireSchema = z.object({ SequenceNumber: z.string(), PartitionKey: z.string(), Data: z.string() });
const shardsSchema = z.object({ Shards: z.array(z.object({ ShardId: z.string() })) });

/** Lambda's poller for a Kinesis stream, on the engine at `endpoint`. */
export function createKinesisMapping(options: StreamMappingOptions): WorkSource {
  const settings = readMapping(options.mapping, 100);
  const StreamName = parseArn(settings.sourceArn).resource.replace(/^stream\//, '');
  const call = createJsonClient(options.endpoint, 'Kinesis_20131202', 'application/x-amz-json-1.1');

  function toRecord(shardId: string, wire: unknown): StreamRecord {
    const { SequenceNumber, PartitionKey, Data } = wireSchema.parse(wire);
    return {
      sequenceNumber: SequenceNumber,
      bytes: Data.length + 600,
      isWanted: settings.filter?.({ partitionKey: PartitionKey, data: decode(Data) }) ?? true,
      toEvent: (arrivedAt) => ({
        kinesis: {
          kinesisSchemaVersion: '1.0',
          partitionKey: PartitionKey,
          sequenceNumber: SequenceNumber,
          data: Data,
          approximateArrivalTimestamp: arrivedAt / 1000,
        },
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `${shardId}:${SequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: `arn:aws:iam::${parseArn(settings.sourceArn).account}:role/${settings.functionName}`,
        awsRegion: settings.region,
        eventSourceARN: settings.sourceArn,
      }),
    };
  }

  const reader = createStreamReader({
    call,
    address: async () => ({ StreamName }),
    sequenceField: 'StartingSequenceNumber',
    listShards: async () =>
      shardsSchema.parse(await call('ListShards', { StreamName })).Shards.map(({ ShardId }) => ShardId),
    toRecord,
  });
  return createStreamMapping({ ...options, settings, reader, infoField: 'KinesisBatchInfo' });
}

/** Filters see the data as JSON where it is JSON. */
function decode(data: string): unknown {
  const text = Buffer.from(data, 'base64').toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
