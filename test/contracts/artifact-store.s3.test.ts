import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3 } from '../../local/engines/s3.ts';
import { createS3ArtifactStore } from '../../shared/adapters/s3/s3-artifact-store.ts';
import { artifactStoreContract } from './artifact-store.contract.ts';

describe('artefact store on S3', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-artifacts-'));
  let engine: Awaited<ReturnType<typeof startS3>>;
  let client: S3Client;

  beforeAll(async () => {
    engine = await startS3({ dataDir });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    client = new S3Client({ endpoint: engine.endpoint, region: 'eu-west-1', forcePathStyle: true, credentials });
    for (const Bucket of ['artifacts', 'secrets']) await client.send(new CreateBucketCommand({ Bucket }));
  });

  afterAll(async () => {
    client.destroy();
    await engine.stop();
    rmSync(dataDir, { recursive: true });
  });

  const store = () => createS3ArtifactStore({ client, bucketName: 'artifacts' });
  const put = async (uri: string, Body: Uint8Array) => {
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
    await client.send(new PutObjectCommand({ Bucket, Key, Body }));
  };
  artifactStoreContract(() => ({ store: store(), put }));

  it('does not mix an object with the one that replaces it', async () => {
    await put('s3://artifacts/window.csv', Buffer.from('a,b\n1,2\n'));
    const source = await store().source('s3://artifacts/window.csv');
    await put('s3://artifacts/window.csv', Buffer.from('b,a\n1,2\n'));
    await expect(source.read(0, 4)).rejects.toMatchObject({ name: 'ArtifactUnusable', code: 'artifact-changed' });
  });

  it('reads no other bucket, whatever a URI says', async () => {
    await put('s3://secrets/key', Buffer.from('secret'));
    for (const uri of ['s3://secrets/key', 's3://artifacts', 'file:///etc/passwd', 's3:///key']) {
      await expect(store().read(uri)).rejects.toMatchObject({ name: 'ArtifactUnusable', code: 'foreign-bucket' });
      await expect(store().source(uri)).rejects.toMatchObject({ name: 'ArtifactUnusable', code: 'foreign-bucket' });
      await expect(store().digest(uri)).rejects.toMatchObject({ name: 'ArtifactUnusable', code: 'foreign-bucket' });
    }
  });
});

describe('what S3 may answer', () => {
  const storeWith = (send: () => Promise<unknown>) => {
    // Only `send` is ever called.
    return createS3ArtifactStore({ client: { send } as unknown as S3Client, bucketName: 'artifacts' });
  };

  it('an object too large to be read whole is refused before it is read', async () => {
    const store = storeWith(async () => ({ ContentLength: 100_000_001 }));
    await expect(store.read('s3://artifacts/huge')).rejects.toMatchObject({ code: 'artifact-too-large' });
  });

  it('its own failure is one to try again on', async () => {
    const store = storeWith(() => Promise.reject(Object.assign(new Error('slow down'), { name: 'SlowDown' })));
    await expect(store.digest('s3://artifacts/x')).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  });
});
