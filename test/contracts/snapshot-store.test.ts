import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3 } from '../../local/engines/s3.ts';
import { createMemorySnapshotStore } from '../../shared/adapters/memory/memory-snapshot-store.ts';
import { createS3SnapshotStore } from '../../shared/adapters/s3/s3-snapshot-store.ts';
import { snapshotStoreContract } from './snapshot-store.contract.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-snapshots-'));
let engine: Awaited<ReturnType<typeof startS3>>;
let client: S3Client;
let buckets = 0;

beforeAll(async () => {
  engine = await startS3({ dataDir });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new S3Client({ endpoint: engine.endpoint, region: 'eu-west-1', forcePathStyle: true, credentials });
});

afterAll(async () => {
  client.destroy();
  await engine.stop();
  rmSync(dataDir, { recursive: true });
});

async function newBucket(): Promise<string> {
  buckets += 1;
  await client.send(new CreateBucketCommand({ Bucket: `graph-${buckets}` }));
  return `graph-${buckets}`;
}

describe('snapshots in memory', () => {
  snapshotStoreContract(async () => createMemorySnapshotStore());
});

describe('snapshots in S3', () => {
  snapshotStoreContract(async () => createS3SnapshotStore({ client, bucketName: await newBucket() }));

  it('have no manifest where it is not one', async () => {
    const bucketName = await newBucket();
    for (const Body of ['{"key":"snapshots/graph-1', '{"key":"search/x","change":1}']) {
      await client.send(new PutObjectCommand({ Bucket: bucketName, Key: 'snapshots/graph.json', Body }));
      expect(await createS3SnapshotStore({ client, bucketName }).manifest()).toBeUndefined();
    }
  });
});
