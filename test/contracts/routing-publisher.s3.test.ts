import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3 } from '../../local/engines/s3.ts';
import { createS3RoutingPublisher } from '../../shared/adapters/s3/s3-routing-publisher.ts';
import { routing, routingPublisherContract } from './routing-publisher.contract.ts';

describe('routing publisher on S3', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-routing-'));
  const bucketName = 'routing-bucket';
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

  const objectOf = (modelId: string) => ({ Bucket: bucketName, Key: `routing/${modelId}.json` });
  const read = async (modelId: string) => {
    try {
      const { Body } = await client.send(new GetObjectCommand(objectOf(modelId)));
      return JSON.parse((await Body?.transformToString()) ?? '');
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  };

  routingPublisherContract(() => ({ publisher: createS3RoutingPublisher({ client, bucketName }), read }));

  it('lets nobody cache a table for longer than a rollback may take', async () => {
    await createS3RoutingPublisher({ client, bucketName }).publish(routing('cached', 1));
    const { CacheControl, ContentType } = await client.send(new GetObjectCommand(objectOf('cached')));
    expect([CacheControl, ContentType]).toEqual(['public, max-age=5', 'application/json']);
  });

  it('tells what it has published', async () => {
    const publisher = createS3RoutingPublisher({ client, bucketName });
    expect(await publisher.published('told')).toBeUndefined();
    await publisher.publish(routing('told', 4));
    expect(await publisher.published('told')).toEqual(routing('told', 4));
  });

  it('signs the very text that readers get, once, and nothing that it does not publish', async () => {
    const signed: string[] = [];
    const sign = async (text: string) => {
      signed.push(text);
      return 'c2lnbmF0dXJl';
    };
    const publisher = createS3RoutingPublisher({ client, bucketName, sign });
    await publisher.publish(routing('signed', 2));
    await publisher.publish(routing('signed', 1));
    const { Body, Metadata } = await client.send(new GetObjectCommand(objectOf('signed')));
    expect(signed).toEqual([await Body?.transformToString()]);
    expect(Metadata).toEqual({ signature: 'c2lnbmF0dXJl' });
  });

  it('looks again when somebody else wrote between its reading and its writing', async () => {
    const publisher = createS3RoutingPublisher({ client, bucketName });
    await publisher.publish(routing('raced', 1));
    // The newer table lands just before the first conditional put.
    let isFirst = true;
    client.middlewareStack.add(
      (next, context) => async (request) => {
        if (context.commandName === 'PutObjectCommand' && isFirst) {
          isFirst = false;
          await client.send(new PutObjectCommand({ ...objectOf('raced'), Body: JSON.stringify(routing('raced', 9)) }));
        }
        return next(request);
      },
      { step: 'initialize', name: 'race' },
    );
    await publisher.publish(routing('raced', 2));
    client.middlewareStack.remove('race');
    expect((await read('raced')).generation).toBe(9);
  });
});
