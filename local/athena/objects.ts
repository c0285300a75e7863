import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { region } from '../template/identities.ts';

export type ObjectFile = { readonly key: string; readonly path: string; readonly bytes: number };
export type Objects = ReturnType<typeof createObjects>;

/** One PUT of the engine takes 11 MiB at most, and a part of an upload 5 MiB at least. */
const partBytes = 8 * 1024 * 1024;

/** `s3://bucket/prefix/` → its parts. */
export function placeOf(uri: string): { readonly bucket: string; readonly prefix: string } {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  return { bucket, prefix };
}

/** Objects of S3 as files of this machine, since the query engine reads files only. */
export function createObjects(endpoint: string, folder: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });

  async function list(uri: string) {
    const { bucket, prefix } = placeOf(uri);
    const found: { key: string; etag: string; bytes: number }[] = [];
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
      for (const { Key = '', ETag = '', Size = 0 } of page.Contents ?? [])
        found.push({ key: Key, etag: ETag, bytes: Size });
    return found;
  }

  /** Fetched once into a folder named `partition`: what an object of that tag holds never changes. */
  async function fetched(
    bucket: string,
    { key, etag, bytes }: { key: string; etag: string; bytes: number },
    partition: string,
  ): Promise<ObjectFile> {
    const name = createHash('sha256').update(`${bucket}/${key} ${etag}`).digest('hex');
    const file = path.join(folder, partition, `${name}.parquet`);
    if (!existsSync(file)) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(`${file}.part`, (await Body?.transformToByteArray()) ?? new Uint8Array());
      renameSync(`${file}.part`, file);
    }
    return { key, path: file, bytes };
  }

  async function put(uri: string, file: string): Promise<void> {
    const { bucket: Bucket, prefix: Key } = placeOf(uri);
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const handle = await open(file);
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    try {
      const buffer = Buffer.alloc(partBytes);
      for (let PartNumber = 1; ; PartNumber += 1) {
        const { bytesRead } = await handle.read(buffer, 0, partBytes);
        if (bytesRead === 0 && PartNumber > 1) break;
        const Body = Buffer.from(buffer.subarray(0, bytesRead));
        const { ETag } = await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
        Parts.push({ PartNumber, ETag });
      }
    } finally {
      await handle.close();
    }
    await client.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
  }

  return { list, fetched, put, close: () => client.destroy() };
}
