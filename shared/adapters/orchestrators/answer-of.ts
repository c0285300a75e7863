import { toInstant } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import { dependencyUnavailable } from '../dependency-error.ts';

/** The answer in the shape it must have. Throws `DependencyUnavailable` for any other: a server that talks nonsense is ill. */
export function answerOf<T extends z.ZodType>(service: string, schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw dependencyUnavailable(service, new Error(`an answer of another shape: ${z.prettifyError(parsed.error)}`));
}

/** Milliseconds since the epoch; 0 and nothing stand for "not yet". */
export const epochMillisSchema = z
  .number()
  .nullish()
  .transform((millis) => (millis ? toInstant(millis) : undefined));

/** What people read; an answer may hold a stack trace. */
export function shortReason(...parts: readonly (string | null | undefined)[]): string {
  const text = parts.filter(Boolean).join(': ');
  return text.length > 500 ? `${text.slice(0, 499)}…` : text;
}
