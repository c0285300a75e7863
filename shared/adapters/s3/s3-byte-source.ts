import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ByteSource } from '../../ports/table.ts';
import { callDependency } from '../dependency-error.ts';
import { s3Object, translatedFailure } from './s3-object.ts';

type Options = { readonly client: S3Client; readonly bucketName: string };

/** Few enough calls for a file of gigabytes, small enough to be held several times. */
const pieceBytes = 8 * 1024 * 1024;

/**
 * An object of the bucket, read by ranges, all of one state of it. Throws `ArtifactUnusable` (codes `foreign-bucket`,
 * `artifact-missing`, and `artifact-changed` when it is replaced meanwhile) and `DependencyUnavailable`.
 */
export async function openS3Source({ client, bucketName }: Options, uri: string): Promise<ByteSource> {
  const object = s3Object(uri, bucketName);
  const { ContentLength: size = 0, ETag } = await ask(uri, () => client.send(new HeadObjectCommand(object)));
  const read = (from: number, to: number) =>
    ask(uri, async () => {
      // HTTP's range includes its end, and S3 refuses an empty one.
      if (to <= from) return new ArrayBuffer(0);
      const Range = `bytes=${from}-${to - 1}`;
      const { Body } = await client.send(new GetObjectCommand({ ...object, Range, IfMatch: ETag }));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return Uint8Array.from(bytes).buffer;
    });
  return {
    name: uri,
    size,
    read,
    async *stream() {
      for (let from = 0; from < size; from += pieceBytes)
        yield new Uint8Array(await read(from, Math.min(size, from + pieceBytes)));
    },
  };
}

async function ask<T>(uri: string, call: () => Promise<T>): Promise<T> {
  try {
    return await callDependency('S3', call);
  } catch (error) {
    throw translatedFailure(uri, error);
  }
}
