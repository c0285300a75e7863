import * as z from '../../domain/zod.ts';
import type { Secret } from '../../ports/secret.ts';

const headersSchema = z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string().min(1));

/**
 * The request headers that a secret holds, as a JSON object: `{"authorization": "Bearer …"}` or `{"x-api-key": "…"}`. It is
 * read for every call, so that a rotation takes effect at once. Throws an Error, without its text, when it is no such object.
 */
export async function credentialHeaders(secret: Secret | undefined): Promise<Readonly<Record<string, string>>> {
  if (secret === undefined) return {};
  const parsed = headersSchema.safeParse(jsonOf(await secret.read()));
  if (!parsed.success) throw new Error('expected the secret of the connection to be a JSON object of request headers');
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
