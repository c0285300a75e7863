import { randomUUID } from 'node:crypto';
import { functionNameOf, parseArn } from '../services/arn.ts';
import type { SendToQueue } from '../services/deliveries.ts';
import type { MappingSettings } from './mapping-settings.ts';

export type OnFailure = {
  readonly sendToQueue: SendToQueue;
  readonly putObject: (bucketName: string, key: string, body: string) => Promise<void>;
};

export type DiscardedBatch = {
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  readonly invokeCount: number;
  /** `KinesisBatchInfo` or `DDBStreamBatchInfo`. */
  readonly infoField: string;
  readonly shardId: string;
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
  readonly firstArrivedAt: number;
  readonly lastArrivedAt: number;
  readonly batchSize: number;
  readonly event: unknown;
};

/**
 * Hands a batch that Lambda gives up to the mapping's destination: a queue gets where it is in the stream, a bucket
 * the records as well. Source: Lambda developer guide, discarded batches of Kinesis and DynamoDB streams.
 */
export async function reportDiscarded(
  mapping: MappingSettings,
  batch: DiscardedBatch,
  now: number,
  onFailure: OnFailure,
): Promise<void> {
  if (mapping.failureDestinationArn === undefined) return;
  const { service, resource } = parseArn(mapping.failureDestinationArn);
  const record = describe(mapping, batch, now);
  if (service === 'sqs') onFailure.sendToQueue(mapping.failureDestinationArn, JSON.stringify(record));
  else if (service === 's3') {
    const body = JSON.stringify({ ...record, payload: JSON.stringify(batch.event) });
    await onFailure.putObject(resource, objectKey(mapping, batch, now), body);
  } else throw new Error(`${mapping.id}: failure destination ${mapping.failureDestinationArn} is not emulated`);
}

function describe(mapping: MappingSettings, batch: DiscardedBatch, now: number) {
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: functionArn(mapping),
      condition: batch.condition,
      approximateInvokeCount: batch.invokeCount,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    [batch.infoField]: {
      shardId: batch.shardId,
      startSequenceNumber: batch.startSequenceNumber,
      endSequenceNumber: batch.endSequenceNumber,
      approximateArrivalOfFirstRecord: new Date(batch.firstArrivedAt).toISOString(),
      approximateArrivalOfLastRecord: new Date(batch.lastArrivedAt).toISOString(),
      batchSize: batch.batchSize,
      streamArn: mapping.sourceArn,
    },
  };
}

function functionArn(mapping: MappingSettings): string {
  const { region, account } = parseArn(mapping.sourceArn);
  return `arn:aws:lambda:${region}:${account}:function:${functionNameOf(mapping.functionName)}`;
}

function objectKey(mapping: MappingSettings, batch: DiscardedBatch, now: number): string {
  const instant = new Date(now).toISOString();
  const day = instant.slice(0, 10);
  const time = `${day}T${instant.slice(11, 19).replaceAll(':', '.')}`;
  return `aws/lambda/${mapping.id}/${batch.shardId}/${day.replaceAll('-', '/')}/${time}-${randomUUID()}`;
}
