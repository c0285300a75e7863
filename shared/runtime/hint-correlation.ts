import * as z from '../domain/zod.ts';
import type { SqsArrival } from './stream-handler.ts';

const hintSchema = z.object({ detail: z.object({ correlationId: z.string() }) });

/** Of a domain event that came over the bus and a queue; undefined when the message holds none. */
export function hintCorrelation({ data }: SqsArrival): string | undefined {
  try {
    return hintSchema.safeParse(JSON.parse(data)).data?.detail.correlationId;
  } catch {
    return undefined;
  }
}
