import { createHash } from 'node:crypto';
import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { ArtifactStore } from '../../ports/artifact-store.ts';
import { callDependency } from '../dependency-error.ts';
import { openS3Source } from './s3-byte-source.ts';
import { s3Object, translatedFailure, unusableArtifact } from './s3-object.ts';

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
          throw unusableArtifact('artifact-too-large', `${uri} has ${size} bytes, at most ${maximumBytes} are read`);
        return (await object.Body?.transformToByteArray()) ?? new Uint8Array();
      }),
    digest: (uri) =>
      callDependency('S3', async () => {
        const { Body } = await get(options, uri);
        const hash = createHash('sha256');
        for await (const chunk of Body?.transformToWebStream() ?? []) hash.update(chunk);
        return `sha256:${hash.digest('hex')}`;
      }),
    source: (uri) => openS3Source(options, uri),
  };
}

async function get({ client, bucketName }: Options, uri: string): Promise<GetObjectCommandOutput> {
  const object = s3Object(uri, bucketName);
  try {
    return await client.send(new GetObjectCommand(object));
  } catch (error) {
    throw translatedFailure(uri, error);
  }
}
