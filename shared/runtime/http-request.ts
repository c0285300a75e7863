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

/**
 * The parsed JSON body, or undefined when there is none. Throws `UnsupportedContentType`, `PayloadTooLarge` or
 * `MalformedRequest`.
 */
export function readBody(event: HttpEvent, maxBodyBytes: number): unknown {
  if (!event.body) return undefined;
  checkContentType(event);
  const bytes = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes) {
    throw new RunwayError(
      'PayloadTooLarge',
      'payload-too-large',
      `the body has ${bytes.length} bytes, at most ${maxBodyBytes} are taken`,
    );
  }
  return parseJson(decodeUtf8(bytes));
}

function checkContentType(event: HttpEvent): void {
  const type = event.headers['content-type'];
  const encoding = event.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
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
