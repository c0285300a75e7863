import type { Context } from 'aws-lambda';
import { type Instant, instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { parseOrThrow } from './field-problems.ts';
import { logger } from './logger.ts';
import { underCorrelation } from './under-correlation.ts';

const frameSchema = z.looseObject({ now: instantSchema, correlationId: z.string().optional() });
const correlatedSchema = z.object({ correlationId: z.string() });

/**
 * A workflow task. `now` is the execution's context time and `correlationId` its input's, both passed in the payload. Errors go through with their literal
 * names, which the workflow's Retry and Catch match. Throws `InvalidRequest` when the payload does not fit.
 */
export function taskHandler<I extends object, O>(
  schema: z.ZodType<I>,
  handle: (input: I & { readonly now: Instant }) => Promise<O>,
): (event: unknown, context?: Context) => Promise<O> {
  return underCorrelation(taskCorrelation, async (event) => {
    const { now, correlationId: _, ...rest } = parseOrThrow(frameSchema, event);
    try {
      const output = await handle({ ...parseOrThrow(schema, rest), now });
      logger.info('the task is done');
      return output;
    } catch (error) {
      logger.warn('the task failed', { error: error instanceof Error ? error : String(error) });
      throw error;
    }
  });
}

// An execution that a person starts by hand may lack one.
function taskCorrelation(event: unknown): string {
  return correlatedSchema.safeParse(event).data?.correlationId ?? 'workflow';
}
