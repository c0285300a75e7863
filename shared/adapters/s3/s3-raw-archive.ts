import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { RawArchive } from '../../ports/raw-archive.ts';
import { callDependency } from '../dependency-error.ts';
import { encodeRawOutcomes, encodeRawPredictions, rawKey } from '../raw-archive-files.ts';

type Options = { readonly client: Pick<S3Client, 'send'>; readonly bucketName: string };

/** One Parquet object per file. */
export function createS3RawArchive({ client, bucketName }: Options): RawArchive {
  const put = (Key: string, Body: Uint8Array) =>
    callDependency('S3', async () => {
      await client.send(new PutObjectCommand({ Bucket: bucketName, Key, Body }));
    });
  return {
    putPredictions: (file, rows) => put(rawKey('predictions', file), encodeRawPredictions(rows)),
    putOutcomes: (file, rows) => put(rawKey('outcomes', file), encodeRawOutcomes(rows)),
  };
}
