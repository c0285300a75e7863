import { type Instant, instantSchema } from '../domain/time.ts';
import { z } from '../domain/zod.ts';
import { parseOrThrow } from './field-problems.ts';

const eventSchema = z.object({ scheduledTime: instantSchema });

/** Called by a schedule with `{"scheduledTime": …}`; that moment is `now`, however late the call comes. */
export function scheduledHandler(
  handle: (tick: { readonly now: Instant }) => Promise<void>,
): (event: unknown) => Promise<void> {
  return async (event) => handle({ now: parseOrThrow(eventSchema, event).scheduledTime });
}
