import { type Instant, instantSchema } from '../domain/time.ts';
import { z } from '../domain/zod.ts';
import { parseOrThrow } from './field-problems.ts';
import { logger } from './logger.ts';

const clockSchema = z.looseObject({ now: instantSchema });

/**
 * A workflow task. `now` is the execution's context time, passed in the payload. Errors go through with their literal
 * names, which the workflow's Retry and Catch match. Throws `InvalidRequest` when the payload does not fit.
 */
export function taskHandler<I extends object, O>(
  schema: z.ZodType<I>,
  handle: (input: I & { readonly now: Instant }) => Promise<O>,
): (event: unknown) => Promise<O> {
  return async (event) => {
    const { now, ...rest } = parseOrThrow(clockSchema, event);
    try {
      return await handle({ ...parseOrThrow(schema, rest), now });
    } catch (error) {
      logger.warn('the task failed', { error: error instanceof Error ? error : String(error) });
      throw error;
    }
  };
}
