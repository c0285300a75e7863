import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import * as z from '../../domain/zod.ts';
import type { SnapshotStore } from '../../ports/snapshot-store.ts';
import { callDependency } from '../dependency-error.ts';
import { snapshotKey } from '../snapshot-key.ts';

type Options = { readonly client: S3Client; readonly bucketName: string };

const manifestKey = 'snapshots/graph.json';
const manifestSchema = z.object({
  key: z.string().startsWith('snapshots/graph-'),
  change: z.number().int().min(0),
  bytes: z.number().int().min(0),
  writtenAt: z.iso.datetime(),
});

/** `snapshots/graph.json` is the manifest, `snapshots/graph-<change>-<digest>` a snapshot. */
export function createS3SnapshotStore(options: Options): SnapshotStore {
  const { client, bucketName: Bucket } = options;
  return {
    manifest: async () => {
      const bytes = await read(options, manifestKey);
      return bytes && manifestSchema.safeParse(parsed(bytes)).data;
    },
    read: (key) => read(options, key),
    write: async (change, Body) => {
      const Key = snapshotKey(change, Body);
      await callDependency('S3', () => client.send(new PutObjectCommand({ Bucket, Key, Body })));
      return Key;
    },
    publish: async (manifest) => {
      const put = { Bucket, Key: manifestKey, Body: JSON.stringify(manifest), ContentType: 'application/json' };
      await callDependency('S3', () => client.send(new PutObjectCommand(put)));
    },
    keepNewest: (count, spared) =>
      callDependency('S3', async () => {
        const keys = await list(options);
        for (const Key of keys.slice(0, -count))
          if (!spared.includes(Key)) await client.send(new DeleteObjectCommand({ Bucket, Key }));
      }),
  };
}

function read({ client, bucketName }: Options, Key: string): Promise<Uint8Array | undefined> {
  return callDependency('S3', async () => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  });
}

async function list({ client, bucketName }: Options): Promise<readonly string[]> {
  const keys: string[] = [];
  const request = { Bucket: bucketName, Prefix: 'snapshots/graph-' };
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, request))
    keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
  return keys.sort();
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
