import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { digestOf } from '../models/artifact.ts';

/** The artefact bucket, by `s3://bucket/key`. */
export type Artifacts = {
  /** Stores the bytes; answers where and with which digest. */
  put(key: string, bytes: Uint8Array): Promise<{ readonly uri: string; readonly digest: string }>;
  /** Throws when the bytes are not those of `digest`. */
  get(uri: string, digest: string): Promise<Uint8Array>;
  /** What `put` answered when the object was stored; undefined when it was not. */
  find(key: string): Promise<{ readonly uri: string; readonly digest: string } | undefined>;
};

export function createArtifacts(bucket: string): Artifacts {
  const client = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined });
  const read = async (name: string, key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: name, Key: key }));
    if (Body === undefined) throw new Error(`s3://${name}/${key} has no body`);
    return Body.transformToByteArray();
  };
  return {
    put: async (key, bytes) => {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
      return { uri: `s3://${bucket}/${key}`, digest: digestOf(bytes) };
    },
    get: async (uri, digest) => {
      const { host, pathname } = new URL(uri);
      const bytes = await read(host, pathname.slice(1));
      if (digestOf(bytes) !== digest)
        throw new Error(`${uri} is not what was registered: ${digestOf(bytes)}, expected ${digest}`);
      return bytes;
    },
    find: async (key) => {
      try {
        return { uri: `s3://${bucket}/${key}`, digest: digestOf(await read(bucket, key)) };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}
