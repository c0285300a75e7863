import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Signatures of webhooks, in and out. Source: Standard Webhooks 1.0, https://www.standardwebhooks.com: HMAC-SHA-256 over
 * `<webhook-id>.<webhook-timestamp>.<body>`, as `v1,<base64>`.
 */
export type WebhookHeaders = {
  readonly 'webhook-id': string;
  /** Seconds since the epoch. */
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
};

const leastKeyBytes = 24;
const mostKeyBytes = 64;
const toleranceSeconds = 300;

/** The key in `whsec_<base64>`; undefined when it is no key of 24 to 64 bytes. */
export function webhookKey(secret: string): Uint8Array | undefined {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.trim())?.[1];
  if (encoded === undefined) return undefined;
  const key = Buffer.from(encoded, 'base64');
  return key.length >= leastKeyBytes && key.length <= mostKeyBytes ? key : undefined;
}

/** `at`: milliseconds since the epoch, on the clocks that the receiver has too. */
export function signWebhook(key: Uint8Array, id: string, at: number, body: string): WebhookHeaders {
  const timestamp = String(Math.floor(at / 1_000));
  const signature = digest(key, id, timestamp, body).toString('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/** Why a webhook is not believed; undefined when it is. The body is the one that came, byte for byte. */
export function webhookFault(
  key: Uint8Array,
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  now: number,
): string | undefined {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !timestamp || !signatures)
    return 'expected the headers webhook-id, webhook-timestamp and webhook-signature';
  if (!/^[\w.:-]{1,128}$/.test(id)) return 'expected a webhook-id of 1 to 128 letters, digits or _.:-';
  if (!/^\d{1,12}$/.test(timestamp)) return 'expected webhook-timestamp in seconds since the epoch';
  const expected = digest(key, id, timestamp, body);
  // While a key is rotated, a sender signs with both.
  const isSigned = signatures.split(' ').some((signature) => isDigest(signature, expected));
  if (!isSigned) return 'the signature does not match';
  const skew = Math.abs(now / 1_000 - Number(timestamp));
  return skew > toleranceSeconds
    ? `webhook-timestamp is ${Math.round(skew)} s off, expected at most ${toleranceSeconds}`
    : undefined;
}

function digest(key: Uint8Array, id: string, timestamp: string, body: string): Buffer {
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
}

function isDigest(signature: string, expected: Buffer): boolean {
  if (!signature.startsWith('v1,')) return false;
  const given = Buffer.from(signature.slice('v1,'.length), 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
