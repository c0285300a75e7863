import * as z from '../../zod.ts';

// No name of a table or job; but a page that forgot to escape one would run it.
const markup = /<\s*\/?\s*(?:script|iframe|object|embed|svg|img|style|link|meta|base)\b|javascript\s*:/i;

/** Control characters would break keys, and a lone surrogate has no UTF-8 form. */
export const nameSchema = z
  .string()
  .min(1)
  .max(2_000)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'expected text without control characters')
  .refine((name) => name.trim() !== '' && !markup.test(name), 'expected a name, without markup');

export const nodeNameSchema = z.object({ namespace: nameSchema, name: nameSchema });

/** A UUID as the specification says, or what Marquez takes too: a name without spaces. */
export const runIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][\w.:@+-]{0,199}$/, 'expected a UUID, or at most 200 letters, digits and .:@+-_');
