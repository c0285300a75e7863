import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { createKinesisEventStream } from '../../shared/adapters/kinesis/kinesis-event-stream.ts';
import type { Connection } from './deployment.ts';
import type { KeyedRecord } from './read-batch.ts';
import type { Redriven } from './redriven.ts';

type Reached = Pick<Connection, 'kinesis' | 's3' | 'streamName' | 'failureBucket'>;

/** What others put aside never was a record of the stream. */
const documentSchema = z.looseObject({
  source: z.literal('ground-truth-join-events'),
  partitionKey: z.string().min(1),
  data: z.base64(),
});

/**
 * Puts the records under the prefix on the stream again, as they were, and deletes their documents; the bucket keeps old
 * versions. One that is still unusable comes back as a new document.
 */
export async function redrivePoison(connection: Reached, prefix: string): Promise<Redriven> {
  const { kinesis, s3, streamName, failureBucket: Bucket } = connection;
  const stream = createKinesisEventStream({ client: kinesis, streamName });
  let done = 0;
  const left: { what: string; why: string }[] = [];
  // Listed before the first is put, so that none of those that come back is among them.
  for (const Key of await keysUnder(connection, prefix)) {
    try {
      await stream.put([await recordOf(connection, Key)]);
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
      done += 1;
    } catch (error) {
      left.push({ what: Key, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { done, records: done, left };
}

async function keysUnder({ s3, failureBucket: Bucket }: Reached, Prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix }))
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
  return keys;
}

async function recordOf({ s3, failureBucket: Bucket }: Reached, Key: string): Promise<KeyedRecord> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const document = documentSchema.safeParse(JSON.parse((await Body?.transformToString()) ?? ''));
  if (!document.success) throw new Error(`no failure document: ${z.prettifyError(document.error)}`);
  const { partitionKey, data } = document.data;
  return { partitionKey, data: Buffer.from(data, 'base64') };
}
