import { createHash } from 'node:crypto';
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { RunwayError } from '../../domain/errors.ts';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: S3Client; readonly bucketName: string };

// What is read whole has to fit a function's memory several times over once parsed. A digest is streamed.
const maximumBytes = 100_000_000;

/** Reads the artefact bucket and nothing else. */
export function createS3ArtifactStore(options: Options): ArtifactStore {
  return {
    read: (uri) =>
      callDependency('S3', async () => {
        const object = await get(options, uri);
        const size = object.ContentLength ?? 0;
        if (size > maximumBytes)
          throw unusable('artifact-too-large', `${uri} has ${size} bytes, at most ${maximumBytes} are read`);
        return (await object.Body?.transformToByteArray()) ?? new Uint8Array();
      }),
    digest: (uri) =>
      callDependency('S3', async () => {
        const { Body } = await get(options, uri);
        const hash = createHash('sha256');
        for await (const chunk of Body?.transformToWebStream() ?? []) hash.update(chunk);
        return `sha256:${hash.digest('hex')}`;
      }),
  };
}

async function get({ client, bucketName }: Options, uri: string): Promise<GetObjectCommandOutput> {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (Bucket !== bucketName || Key === undefined)
    throw unusable('foreign-bucket', `${uri} is not in the artefact bucket ${bucketName}`);
  try {
    return await client.send(new GetObjectCommand({ Bucket, Key }));
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey')
      throw unusable('artifact-missing', `there is no object ${uri}`);
    throw error;
  }
}

function unusable(code: string, message: string): RunwayError {
  return new RunwayError('ArtifactUnusable', code, message);
}
