import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { SearchSnapshots } from '../../ports/search-snapshots.ts';
import { callDependency } from '../dependency-error.ts';
import { readManifest, readSnapshot, type StoredManifest, snapshotFiles } from './snapshot-files.ts';

type Options = { readonly client: S3Client; readonly bucketName: string };

const manifestKey = 'search/manifest.json';

/** `search/manifest.json` names the files of the snapshot that holds. */
export function createS3SearchSnapshots(options: Options): SearchSnapshots {
  const stored = async () => readManifest((await get(options, manifestKey))?.toString() ?? '');
  return {
    manifest: () => callDependency('S3', stored),
    latest: () =>
      callDependency('S3', async () => {
        const manifest = await stored();
        if (manifest === undefined) return undefined;
        const [streams, index] = await Promise.all([
          get(options, manifest.streams.key),
          get(options, manifest.index.key),
        ]);
        return streams && index && readSnapshot(manifest, { streams, index });
      }),
    write: (snapshot) =>
      callDependency('S3', async () => {
        const before = await stored();
        const { files, manifest } = snapshotFiles(snapshot);
        for (const { key, body } of files) await put(options, key, body);
        await put(options, manifestKey, JSON.stringify(manifest));
        await deleteOthers(options, [manifest, ...(before === undefined ? [] : [before])]);
      }),
  };
}

async function get({ client, bucketName }: Options, key: string): Promise<Buffer | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
    return Body && Buffer.from(await Body.transformToByteArray());
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

async function put({ client, bucketName }: Options, Key: string, Body: Uint8Array | string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucketName, Key, Body }));
}

async function deleteOthers({ client, bucketName }: Options, kept: readonly StoredManifest[]): Promise<void> {
  const keys = new Set([manifestKey, ...kept.flatMap(({ streams, index }) => [streams.key, index.key])]);
  const pages = paginateListObjectsV2({ client }, { Bucket: bucketName, Prefix: 'search/' });
  for await (const { Contents = [] } of pages)
    for (const { Key } of Contents)
      if (Key !== undefined && !keys.has(Key)) await client.send(new DeleteObjectCommand({ Bucket: bucketName, Key }));
}
