import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ArtifactWriter } from '../../ports/artifact-writer.ts';
import { callDependency } from '../dependency-error.ts';

export function createS3ArtifactWriter(options: {
  readonly client: S3Client;
  readonly bucketName: string;
}): ArtifactWriter {
  const { client, bucketName } = options;
  return {
    write: (key, body) =>
      callDependency('S3', async () => {
        await client.send(new PutObjectCommand({ Bucket: bucketName, Key: key, Body: body }));
        return `s3://${bucketName}/${key}`;
      }),
  };
}
