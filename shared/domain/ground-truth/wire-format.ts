import { isAscii, isUtf8 } from 'node:buffer';
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { constants, gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { fnv1a } from './fnv1a.ts';
import { headerProblem } from './wire-header.ts';

/**
 * What producers put on the stream: `<header JSON>\n<payload>`, gzipped or not. The payload of `runway/1` is one
 * `{kind, record}` JSON per line, that of `runway/2` one JSON document of columns with their numbers behind it
 * (`pack-columns.ts`). Producers use this file as it is, so it imports nothing of Runway but the hash.
 */
export const wireFormat = 'runway/1';
export const columnFormat = 'runway/2';

/** Kinesis bills in units of 25 kB; a record of several units gains nothing and is retried as a whole. */
export const defaultTargetBytes = 25_000;
export const maximumRecordBytes = 100_000;
const maximumHeaderBytes = 1_024;
const maximumInflatedBytes = 8 * 1_024 * 1_024;
/** A usual record inflates in one or two pieces of that size. */
const chunkSize = 65_536;
/** What deflate leaves more of than this share is stored as it is. */
const leastShrinkage = 0.85;
/** A frame may ask for a window of 2 to this many bytes before it gives any. */
const maximumWindowLog = 23;

/** `zstd`, which only `runway/2` may be, is read no faster than `gzip`, which everybody has. */
export type Encoding = 'identity' | 'gzip' | 'zstd';
export type WireHeader = {
  readonly format: typeof wireFormat | typeof columnFormat;
  /** `<team>/<name>`. */
  readonly writer: string;
  /** Generation of the writer's key, from 1. @default 1, as always in `runway/1` */
  readonly keyId?: number;
  readonly modelId: string;
  readonly bucket: number;
  readonly encoding: Encoding;
  /** How many events the payload holds. */
  readonly count: number;
  readonly signature: string;
};

/** `PackedEvent` of `records.ts` is one. */
export type WireEvent = { readonly kind: 'prediction' | 'outcome' | 'business-metric'; readonly record: object };

export type PackOptions = {
  /** `<team>/<name>`, as `POST /v1/writers` issued the key for. */
  readonly writer: string;
  /** Hexadecimal, as issued. */
  readonly key: string;
  readonly modelId: string;
  /** `bucketOf` each event's prediction id; all events of a call belong to the same. */
  readonly bucket: number;
  /** @default 'gzip' */
  readonly encoding?: Exclude<Encoding, 'zstd'>;
  /** Upper limit of a record, unless one event alone is larger; at most 100,000. @default 25,000 */
  readonly targetBytes?: number;
};

/** The partition key under which a bucket's records must be put, so that they arrive in order. */
export function partitionKeyOf(modelId: string, bucket: number): string {
  return `${modelId}:${bucket}`;
}

/** Bucket of a prediction id among the model's `buckets`. */
export function bucketOf(predictionId: string, buckets: number): number {
  return fnv1a(predictionId) % buckets;
}

/**
 * Signed records of lines (`runway/1`) in the order of the events. Throws a `RangeError` when one event alone exceeds
 * 100,000 bytes.
 */
export function pack(events: readonly WireEvent[], options: PackOptions): Uint8Array[] {
  const target = Math.min(options.targetBytes ?? defaultTargetBytes, maximumRecordBytes);
  // JSON of such events shrinks about fivefold; a piece that turns out too large is halved.
  const rawTarget = (options.encoding ?? 'gzip') === 'gzip' ? target * 5 : target;
  const pieces: Buffer[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const event of events) {
    const line = Buffer.from(`${JSON.stringify({ kind: event.kind, record: event.record })}\n`);
    if (size + line.length > rawTarget) {
      pieces.push([]);
      size = 0;
    }
    pieces.at(-1)?.push(line);
    size += line.length;
  }
  return pieces.flatMap((lines) => packWithin(target, lines, options));
}

function packWithin(target: number, lines: readonly Buffer[], options: PackOptions): Uint8Array[] {
  const record = packLines(lines, options);
  if (record.length <= target) return [record];
  if (lines.length === 1) {
    if (record.length <= maximumRecordBytes) return [record];
    throw new RangeError(`one event takes ${record.length} bytes, at most ${maximumRecordBytes} are possible`);
  }
  const middle = Math.ceil(lines.length / 2);
  return [...packWithin(target, lines.slice(0, middle), options), ...packWithin(target, lines.slice(middle), options)];
}

function packLines(lines: readonly Buffer[], options: PackOptions): Buffer {
  return seal([Buffer.concat(lines)], { ...options, format: wireFormat, count: lines.length });
}

type Sealing = Omit<PackOptions, 'targetBytes' | 'encoding'> &
  Pick<WireHeader, 'format' | 'keyId' | 'count'> & { readonly encoding?: Encoding };

/** The payload, whose parts are compressed each on its own, signed and behind its header. */
export function seal(raw: readonly Uint8Array[], { key, encoding = 'gzip', ...rest }: Sealing): Buffer {
  const { format, writer, keyId, modelId, bucket, count } = rest;
  const payload = deflate(raw, encoding);
  const header = { format, writer, ...(keyId !== undefined && { keyId }), modelId, bucket, encoding, count };
  const signature = sign({ header, payload }, key);
  return Buffer.concat([Buffer.from(`${JSON.stringify({ ...header, signature } satisfies WireHeader)}\n`), payload]);
}

function deflate(raw: readonly Uint8Array[], encoding: Encoding): Uint8Array {
  // Of several, gzip makes one file of several members (RFC 1952, 2.2).
  if (encoding === 'gzip') return Buffer.concat(raw.map(gzipped));
  const all = Buffer.concat(raw);
  return encoding === 'zstd' ? zstdCompressSync(all, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }) : all;
}

function gzipped(raw: Uint8Array): Uint8Array {
  const packed = gzipSync(raw, { level: 1 });
  // To inflate what hardly shrinks takes longer than its bytes are worth.
  return packed.length > leastShrinkage * raw.length ? gzipSync(raw, { level: 0 }) : packed;
}

type Signable = { readonly header: Omit<WireHeader, 'signature' | 'count'>; readonly payload: Uint8Array };

/** Base64 of HMAC-SHA-256 over the header's fields and the payload as it is sent. */
export function sign({ header, payload }: Signable, key: string): string {
  const { format, writer, keyId, modelId, bucket, encoding } = header;
  const signed = [format, writer, ...(keyId === undefined ? [] : [keyId]), modelId, bucket, encoding];
  return createHmac('sha256', secretKeyOf(key))
    .update(`${signed.join('\n')}\n`)
    .update(payload)
    .digest('base64');
}

const maximumKeys = 1_000;
const secretKeys = new Map<string, KeyObject>();

/** Made once: that takes as long as the hash of a record. */
function secretKeyOf(key: string): KeyObject {
  const known = secretKeys.get(key);
  if (known !== undefined) return known;
  if (secretKeys.size >= maximumKeys) secretKeys.clear();
  const made = createSecretKey(Buffer.from(key, 'hex'));
  secretKeys.set(key, made);
  return made;
}

/** Takes the same time whether the first or the last byte differs. */
export function verify(record: WireRecord, key: string): boolean {
  const expected = Buffer.from(sign(record, key), 'base64');
  const given = Buffer.from(record.header.signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** A record whose header is well-formed; nothing of it is to be trusted before `verify`. */
export type WireRecord = { readonly header: WireHeader; readonly payload: Uint8Array };
export type WireFault = { readonly ok: false; readonly code: string; readonly reason: string };
export type WireResult<T> = { readonly ok: true; readonly value: T } | WireFault;

/** Reads the header only. Codes: `header-missing`, `header-malformed`. */
export function unpack(data: Uint8Array): WireResult<WireRecord> {
  const end = data.subarray(0, maximumHeaderBytes).indexOf(0x0a);
  if (end < 0) return fault('header-missing', `no line feed in the first ${maximumHeaderBytes} bytes`);
  const json = parse(Buffer.from(data.subarray(0, end)).toString('utf8'));
  if (!json.ok) return fault('header-malformed', json.reason);
  const problem = headerProblem(json.value);
  if (problem !== undefined) return fault('header-malformed', problem);
  return { ok: true, value: { header: json.value as WireHeader, payload: data.subarray(end + 1) } };
}

/**
 * The payload's lines, each parsed or not. Never inflates more than 8 MiB. Codes: `payload-undecodable`,
 * `payload-too-large`, `count-mismatch`.
 */
export function readEvents(record: WireRecord): WireResult<readonly WireResult<unknown>[]> {
  const bytes = inflated(record);
  const text = bytes.ok ? textOf(bytes.value) : bytes;
  if (!text.ok) return text;
  const lines = text.value.split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length !== record.header.count)
    return fault('count-mismatch', `${lines.length} lines, the header says ${record.header.count}`);
  return { ok: true, value: lines.map(parse) };
}

/** Inflated to 8 MiB at most. Codes: `payload-undecodable`, `payload-too-large`. */
export function inflated({ header, payload }: WireRecord): WireResult<Uint8Array> {
  try {
    return { ok: true, value: inflate(payload, header.encoding) };
  } catch (error) {
    return error instanceof RangeError
      ? fault('payload-too-large', `the payload inflates to more than ${maximumInflatedBytes} bytes`)
      : fault('payload-undecodable', `the payload is not ${header.encoding}`);
  }
}

/** Code: `payload-undecodable`. */
export function textOf(bytes: Uint8Array): WireResult<string> {
  // What is ASCII, as nearly everything is, is only copied.
  if (isAscii(bytes))
    return { ok: true, value: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1') };
  if (!isUtf8(bytes)) return fault('payload-undecodable', 'the payload is not UTF-8 text');
  return { ok: true, value: new TextDecoder().decode(bytes) };
}

function inflate(payload: Uint8Array, encoding: Encoding): Uint8Array {
  const options = { maxOutputLength: maximumInflatedBytes, chunkSize };
  if (encoding === 'gzip') return gunzipSync(payload, options);
  if (encoding === 'zstd')
    return zstdDecompressSync(payload, { ...options, params: { [constants.ZSTD_d_windowLogMax]: maximumWindowLog } });
  return payload;
}

export function parse(text: string): WireResult<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return fault('malformed-json', error instanceof Error ? error.message : 'not JSON');
  }
}

export function fault(code: string, reason: string): WireFault {
  return { ok: false, code, reason };
}
