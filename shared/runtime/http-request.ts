import { gunzipSync } from 'node:zlib';
import type { APIGatewayEventRequestContextV2, APIGatewayProxyEventV2WithRequestContext } from 'aws-lambda';
import { headerError, RunwayError } from '../domain/errors.ts';
import { parseJson } from './parse-json.ts';

/** API Gateway payload 2.0; a route without authoriser has no claims. */
export type HttpEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2 & {
    readonly authorizer?: { readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> } };
  }
>;

const jsonType = /^application\/(?:[\w.+-]+\+)?json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

export type BodyLimits = {
  /** As sent and, where it is compressed, inflated. */
  readonly maxBodyBytes: number;
  /** @default false: `Content-Encoding: gzip` is refused */
  readonly takesGzip?: boolean | undefined;
  /** @default 32 */
  readonly maxDepth?: number | undefined;
};

/**
 * The parsed JSON body, or undefined when there is none. Throws `UnsupportedContentType`, `PayloadTooLarge` or
 * `MalformedRequest`.
 */
export function readBody(event: HttpEvent, { maxBodyBytes, takesGzip = false, maxDepth }: BodyLimits): unknown {
  if (!event.body) return undefined;
  const isGzip = takesGzip && /^(?:x-)?gzip$/i.test(event.headers['content-encoding'] ?? '');
  checkContentType(event, isGzip);
  const sent = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (sent.length > maxBodyBytes) throw tooLarge(`the body has ${sent.length} bytes`, maxBodyBytes);
  return parseJson(decodeUtf8(isGzip ? inflate(sent, maxBodyBytes) : sent), maxDepth);
}

function inflate(bytes: Uint8Array, maxBodyBytes: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBodyBytes });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge('the body inflates to more', maxBodyBytes);
    throw new RunwayError('MalformedRequest', 'malformed-gzip', 'the body is not what gzip writes');
  }
}

function tooLarge(what: string, maxBodyBytes: number): RunwayError {
  return new RunwayError('PayloadTooLarge', 'payload-too-large', `${what}, at most ${maxBodyBytes} are taken`);
}

function checkContentType(event: HttpEvent, isGzip: boolean): void {
  const type = event.headers['content-type'];
  const encoding = event.headers['content-encoding'];
  if (!isGzip && encoding !== undefined && encoding !== 'identity')
    throw unsupported('Content-Encoding', `content encoding ${JSON.stringify(encoding)}`);
  if (type === undefined || !jsonType.test(type.trim()))
    throw unsupported('Content-Type', `content type ${JSON.stringify(type ?? '')}`);
}

function unsupported(header: string, what: string): RunwayError {
  const message = `${what} is not supported, expected application/json`;
  return headerError('UnsupportedContentType', 'unsupported-content-type', header, message);
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RunwayError('MalformedRequest', 'malformed-json', 'the body is not UTF-8');
  }
}

/** Stream version from `If-Match: "7"`; undefined when absent or `*`. Throws `MalformedRequest` on anything else. */
export function readIfMatch(event: HttpEvent): number | undefined {
  const text = event.headers['if-match']?.trim();
  if (text === undefined || text === '*') return undefined;
  const digits = /^"(\d{1,9})"$/.exec(text)?.[1];
  if (digits === undefined)
    throw headerError(
      'MalformedRequest',
      'malformed-if-match',
      'If-Match',
      `If-Match ${JSON.stringify(text)}, expected an ETag such as "7"`,
    );
  return Number(digits);
}

/** Throws `MalformedRequest` unless it is 1 to 255 visible ASCII characters. */
export function readIdempotencyKey(event: HttpEvent): string | undefined {
  const key = event.headers['idempotency-key'];
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw headerError(
    'MalformedRequest',
    'malformed-idempotency-key',
    'Idempotency-Key',
    'Idempotency-Key: expected 1 to 255 visible ASCII characters',
  );
}

/** The caller's correlation id if it is safe to log, else the gateway's request id. */
export function readCorrelationId(event: HttpEvent): string {
  const given = event.headers['x-correlation-id'];
  return given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : event.requestContext.requestId;
}
