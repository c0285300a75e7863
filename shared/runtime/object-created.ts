import { RunwayError } from '../domain/errors.ts';
import { type Instant, instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';

const eventSchema = z.looseObject({
  time: instantSchema,
  detail: z.looseObject({ object: z.looseObject({ key: z.string().min(1) }) }),
});

/**
 * What S3 says through EventBridge of an object that was put (Amazon S3 user guide, EventBridge event structure); its
 * key is as it is, not percent-encoded. Throws `MalformedRecord`.
 */
export function readObjectCreated(event: unknown): { readonly key: string; readonly arrivedAt: Instant } {
  const read = eventSchema.safeParse(event);
  if (read.success) return { key: read.data.detail.object.key, arrivedAt: read.data.time };
  throw new RunwayError('MalformedRecord', 'no-object-event', z.prettifyError(read.error));
}
