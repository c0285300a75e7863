import { RunwayError } from '../../domain/errors.ts';
import * as z from '../../domain/zod.ts';
import type { Commit } from '../../ports/event-store.ts';
import { commitFromItem } from './commit-item.ts';

const text = z.object({ S: z.string() }).transform(({ S }) => S);
const number = z.object({ N: z.string() }).transform(({ N }) => Number(N));
const keys = z.object({ sk: text });
const image = z.object({
  pk: text,
  version: number,
  events: text,
  actor: text,
  reason: text,
  occurredAt: text,
  correlationId: text.optional(),
  hash: text,
  previousHash: text,
});

/**
 * The commit in a stream record's new image, undefined for a head. Throws `MalformedRecord` for what the event store
 * never wrote.
 */
export function commitFromImage(newImage: unknown): Commit | undefined {
  const { data } = keys.safeParse(newImage);
  if (data?.sk === 'head') return undefined;
  const parsed = image.safeParse(newImage);
  if (!parsed.success)
    throw new RunwayError('MalformedRecord', 'malformed-commit', 'the image is neither a head nor a commit');
  return commitFromItem(parsed.data);
}
