import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Routing } from '../../domain/registry/model.ts';
import { instantSchema } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { PublishedRouting } from '../../ports/routing-publisher.ts';
import { callDependency, dependencyUnavailable } from '../dependency-error.ts';

const attempts = 5;
// Readers may lag this many seconds behind; a rollback must not take longer.
const cacheSeconds = 5;
const routingSchema: z.ZodType<Routing> = z.object({
  modelId: z.string(),
  generation: z.number(),
  changedAt: instantSchema,
  arms: z.array(
    z.object({ version: z.number(), role: z.enum(['champion', 'challenger', 'candidate']), weightPercent: z.number() }),
  ),
  shadows: z.array(z.object({ version: z.number(), until: instantSchema.exactOptional() })),
  rolloutId: z.string().exactOptional(),
});
type Published = { readonly etag: string; readonly routing: Routing } | undefined;
type Place = { readonly Bucket: string; readonly Key: string };

export type RoutingPublisherOptions = {
  readonly client: S3Client;
  readonly bucketName: string;
  /** Of the object's text; readers find it as `x-amz-meta-signature`. @default unsigned */
  readonly sign?: (text: string) => Promise<string>;
};

/**
 * `routing/<modelId>.json`, replaced only by a newer generation. Between reading and writing another publisher may come
 * first: S3 then refuses the conditional put (2024), and what is there is looked at again. Without such conditions an
 * older table could land last and stay until the next publication.
 */
export function createS3RoutingPublisher({ client, bucketName, sign }: RoutingPublisherOptions): PublishedRouting {
  const placeOf = (modelId: string): Place => ({ Bucket: bucketName, Key: `routing/${modelId}.json` });
  return {
    publish: async (routing) => {
      const at = placeOf(routing.modelId);
      const text = JSON.stringify(routing);
      let signature: string | undefined;
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const current = await read(client, at);
        if (current !== undefined && current.routing.generation >= routing.generation) return;
        signature ??= await sign?.(text);
        if (await put(client, at, { text, signature }, current)) return;
      }
      throw dependencyUnavailable(
        'S3',
        new Error(`routing of ${routing.modelId} changed ${attempts} times while it was published`),
      );
    },
    published: async (modelId) => (await read(client, placeOf(modelId)))?.routing,
  };
}

async function read(client: S3Client, at: Place): Promise<Published> {
  try {
    const object = await callDependency('S3', () => client.send(new GetObjectCommand(at)));
    const routing = routingSchema.parse(JSON.parse((await object.Body?.transformToString()) ?? ''));
    return { etag: object.ETag ?? '', routing };
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** False when somebody else wrote in between. */
async function put(
  client: S3Client,
  at: Place,
  { text, signature }: { readonly text: string; readonly signature: string | undefined },
  current: Published,
): Promise<boolean> {
  const condition = current === undefined ? { IfNoneMatch: '*' } : { IfMatch: current.etag };
  const body = {
    Body: text,
    // Of the same object, so that no reader meets a table and the signature of another.
    ...(signature !== undefined && { Metadata: { signature } }),
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
