import { gunzipSync, gzipSync } from 'node:zlib';

// An item ends at 400 KB, which the evaluation of a model with hundreds of features would pass as text; and DynamoDB's
// numbers end at 1e-130, where p-values do not.

/** Gzipped JSON, for a binary attribute. */
export function packJson(value: unknown): Uint8Array {
  return gzipSync(JSON.stringify(value), { level: 6 });
}

/** What `packJson` was given; the caller vouches for its type, as only this project writes the attribute. */
export function unpackJson<T>(packed: Uint8Array): T {
  return JSON.parse(gunzipSync(packed).toString('utf8'));
}
