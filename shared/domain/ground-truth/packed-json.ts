import { deflateRawSync, inflateRawSync } from 'node:zlib';

// Below this, starting the compressor takes longer than the bytes it saves.
const compressFromBytes = 2_048;
// A few kilobytes of JSON: a larger window finds no more, and to set it up takes a quarter of the time.
const deflateOptions = { level: 1, memLevel: 5, windowBits: 13, chunkSize: 8_192 };
const plain = 0;
const deflated = 1;

/** JSON as bytes, deflated when that is worth it. The first byte says which. */
export function packJson(value: unknown): Uint8Array {
  const json = Buffer.from(JSON.stringify(value));
  if (json.length < compressFromBytes) return Buffer.concat([Buffer.of(plain), json]);
  return Buffer.concat([Buffer.of(deflated), deflateRawSync(json, deflateOptions)]);
}

/** Throws when the bytes are not from `packJson`. */
export function unpackJson(data: Uint8Array): unknown {
  const body = data.subarray(1);
  const json = data[0] === plain ? Buffer.from(body) : inflateRawSync(body);
  return JSON.parse(json.toString('utf8'));
}
