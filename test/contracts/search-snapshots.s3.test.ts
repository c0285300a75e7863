import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { startS3 } from '../../local/engines/s3.ts';
import { createS3SearchSnapshots } from '../../shared/adapters/search/s3-search-snapshots.ts';
import { searchSnapshotsContract } from './search-snapshots.contract.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-search-'));
const bucketName = 'graph-bucket';
let engine: Awaited<ReturnType<typeof startS3>>;
let client: S3Client;

beforeAll(async () => {
  engine = await startS3({ dataDir });
  client = new S3Client({
    endpoint: engine.endpoint,
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await client.send(new CreateBucketCommand({ Bucket: bucketName }));
});

afterAll(async () => {
  client.destroy();
  await engine.stop();
  rmSync(dataDir, { recursive: true });
});

searchSnapshotsContract(() => ({
  snapshots: createS3SearchSnapshots({ client, bucketName }),
  keys: async () => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucketName, Prefix: 'search/' }));
    return Contents.flatMap(({ Key }) => Key ?? []);
  },
  spoil: async (Key, Body) => void (await client.send(new PutObjectCommand({ Bucket: bucketName, Key, Body }))),
}));
