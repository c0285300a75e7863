import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Routing } from '../../domain/registry/model.ts';
import * as z from '../../domain/zod.ts';
import type { RoutingPublisher } from '../../ports/routing-publisher.ts';
import { callDependency, dependencyUnavailable } from '../dependency-error.ts';

const attempts = 5;
// Readers may lag this many seconds behind; a rollback must not take longer.
const cacheSeconds = 5;
const generationSchema = z.looseObject({ generation: z.number() });
type Published = { readonly etag: string; readonly generation: number } | undefined;

/**
 * `routing/<modelId>.json`, replaced only by a newer generation. Between reading and writing another publisher may come
 * first: S3 then refuses the conditional put (2024), and what is there is looked at again. Without such conditions an
 * older table could land last and stay until the next publication.
 */
export function createS3RoutingPublisher({
  client,
  bucketName,
}: {
  readonly client: S3Client;
  readonly bucketName: string;
}): RoutingPublisher {
  return {
    publish: async (routing) => {
      const at = { Bucket: bucketName, Key: `routing/${routing.modelId}.json` };
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const current = await read(client, at);
        if (current !== undefined && current.generation >= routing.generation) return;
        if (await put(client, at, routing, current)) return;
      }
      throw dependencyUnavailable(
        'S3',
        new Error(`routing of ${routing.modelId} changed ${attempts} times while it was published`),
      );
    },
  };
}

async function read(client: S3Client, at: { Bucket: string; Key: string }): Promise<Published> {
  try {
    const object = await callDependency('S3', () => client.send(new GetObjectCommand(at)));
    const { generation } = generationSchema.parse(JSON.parse((await object.Body?.transformToString()) ?? ''));
    return { etag: object.ETag ?? '', generation };
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** False when somebody else wrote in between. */
async function put(
  client: S3Client,
  at: { Bucket: string; Key: string },
  routing: Routing,
  current: Published,
): Promise<boolean> {
  const condition = current === undefined ? { IfNoneMatch: '*' } : { IfMatch: current.etag };
  const body = {
    Body: JSON.stringify(routing),
    ContentType: 'application/json',
    CacheControl: `public, max-age=${cacheSeconds}`,
  };
  try {
    await callDependency('S3', () => client.send(new PutObjectCommand({ ...at, ...body, ...condition })));
    return true;
  } catch (error) {
    if (error instanceof Error && (error.name === 'PreconditionFailed' || error.name === 'ConditionalRequestConflict'))
      return false;
    throw error;
  }
}
