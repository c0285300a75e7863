import type { Context } from 'aws-lambda';
import { type Instant, instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { parseOrThrow } from './field-problems.ts';
import { underCorrelation } from './under-correlation.ts';

const eventSchema = z.object({ scheduledTime: instantSchema });

/**
 * Called by a schedule with `{"scheduledTime": …}`; that moment is `now`, however late the call comes. What no other
 * cause has is correlated under `schedule:<that moment>`.
 */
export function scheduledHandler(
  handle: (tick: { readonly now: Instant }) => Promise<void>,
): (event: unknown, context?: Context) => Promise<void> {
  return underCorrelation(
    (event) => `schedule:${eventSchema.safeParse(event).data?.scheduledTime}`,
    async (event) => handle({ now: parseOrThrow(eventSchema, event).scheduledTime }),
  );
}
