import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { LineageInbox } from '../../ports/lineage-inbox.ts';
import { callDependency } from '../dependency-error.ts';

type Writing = {
  readonly s3: Pick<S3Client, 'send'>;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly bucketName: string;
  readonly queueUrl: string;
};

const prefix = 'events/openlineage';

/** One object a request, under the day and the digest of its events: the same again replaces it with the same. */
export function createS3LineageInbox({ s3, sqs, bucketName, queueUrl }: Writing): Pick<LineageInbox, 'add'> {
  return {
    add: async (events, now) => {
      const lines = events.map((event) => canonicalJson(event)).join('\n');
      const name = `${now.slice(0, 10)}/${createHash('sha256').update(lines).digest('hex')}`;
      const body = { Body: gzipSync(lines), ContentType: 'application/x-ndjson', ContentEncoding: 'gzip' };
      const put = new PutObjectCommand({ Bucket: bucketName, Key: keyOf(name), ...body });
      await callDependency('S3', () => s3.send(put));
      const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify({ name }) });
      await callDependency('SQS', () => sqs.send(message));
    },
  };
}

type Reading = Pick<Writing, 's3' | 'bucketName'>;

export function createS3LineageReader({ s3, bucketName }: Reading): Pick<LineageInbox, 'read'> {
  return {
    read: async (name) => {
      const get = new GetObjectCommand({ Bucket: bucketName, Key: keyOf(name) });
      const { Body } = await callDependency('S3', () => s3.send(get));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      const lines = gunzipSync(bytes).toString('utf8').split('\n');
      return lines.map((line) => JSON.parse(line) as unknown);
    },
  };
}

const keyOf = (name: string) => `${prefix}/${name}.ndjson.gz`;
