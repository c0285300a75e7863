import { gunzipSync, gzipSync } from 'node:zlib';
import { headerError, RunwayError } from '../domain/errors.ts';
import type { RawRequest } from './api-handler.ts';

const mediaType = /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;
// Stored once and read once.
const fastest = { level: 1 };

export type NdjsonBody = {
  /** Gzip. */
  readonly packed: Uint8Array;
  /** Unpacked. */
  readonly bytes: number;
};

type Limits = { readonly maxBodyBytes: number; readonly maxUnpackedBytes: number };

/**
 * A body of NDJSON, gzipped or not. Throws `UnsupportedContentType`, `PayloadTooLarge` (also of what unpacks to more than
 * is taken, without unpacking the rest), `MalformedRequest` when it is empty or no gzip.
 */
export function readNdjsonBody({ headers, bytes }: RawRequest, { maxBodyBytes, maxUnpackedBytes }: Limits): NdjsonBody {
  const type = headers['content-type'];
  if (type === undefined || !mediaType.test(type.trim()))
    throw unsupported('Content-Type', `content type ${JSON.stringify(type ?? '')}`, 'application/x-ndjson');
  if (bytes.length > maxBodyBytes) throw tooLarge(`the body has ${bytes.length} bytes`, maxBodyBytes);
  if (bytes.length === 0) throw new RunwayError('MalformedRequest', 'empty-body', 'the body is empty, expected NDJSON');
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') return { packed: gzipSync(bytes, fastest), bytes: bytes.length };
  if (encoding !== 'gzip')
    throw unsupported('Content-Encoding', `content encoding ${JSON.stringify(encoding)}`, 'gzip or none');
  return { packed: bytes, bytes: unpackedBytes(bytes, maxUnpackedBytes) };
}

function unpackedBytes(packed: Uint8Array, maximum: number): number {
  try {
    return gunzipSync(packed, { maxOutputLength: maximum }).length;
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge('the body unpacks to more', maximum);
    throw new RunwayError('MalformedRequest', 'malformed-gzip', 'the body is not gzip, though its header says so');
  }
}

function tooLarge(what: string, maximum: number): RunwayError {
  return new RunwayError('PayloadTooLarge', 'payload-too-large', `${what}, at most ${maximum} bytes are taken`);
}

function unsupported(header: string, what: string, expected: string): RunwayError {
  const message = `${what} is not supported, expected ${expected}`;
  return headerError('UnsupportedContentType', 'unsupported-content-type', header, message);
}
