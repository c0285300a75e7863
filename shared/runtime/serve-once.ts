import { createHash } from 'node:crypto';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Actor } from '../domain/actor.ts';
import type { Instant } from '../domain/time.ts';
import type { IdempotencyStore, IdempotentRequest } from '../ports/idempotency-store.ts';
import type { OperationId } from '../routes.ts';
import { type HttpEvent, readIdempotencyKey } from './http-request.ts';

type Result = APIGatewayProxyStructuredResultV2;
type Call = {
  readonly event: HttpEvent;
  readonly operationId: OperationId;
  readonly request: {
    readonly params: unknown;
    readonly query: unknown;
    readonly body: unknown;
    readonly actor: Actor;
    readonly now: Instant;
    readonly correlationId: string;
  };
};

/**
 * Serves a request once per caller, operation and `Idempotency-Key`; a repeated one gets the first one's answer. Without
 * a key or a store it is simply served. Throws `IdempotencyKeyReused` and `IdempotencyInProgress`.
 */
export async function serveOnce(
  store: IdempotencyStore | undefined,
  call: Call,
  serve: () => Promise<Result>,
): Promise<Result> {
  const key = readIdempotencyKey(call.event);
  if (store === undefined || key === undefined) return serve();
  const { params, query, body, actor, now, correlationId } = call.request;
  const requestHash = createHash('sha256')
    .update(JSON.stringify([params, query, body]))
    .digest('hex');
  const idempotent = { key: `${actor.id}#${call.operationId}#${key}`, requestHash, now };
  const stored = await store.begin(idempotent);
  if (stored !== undefined) {
    const headers = { ...stored.headers, 'x-correlation-id': correlationId, 'idempotency-replayed': 'true' };
    return { statusCode: stored.status, headers, body: stored.body };
  }
  const result = await releasing(store, idempotent, serve);
  const headers = Object.fromEntries(
    Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  await store.complete(idempotent, { status: result.statusCode ?? 200, headers, body: result.body ?? '' });
  return result;
}

async function releasing(
  store: IdempotencyStore,
  idempotent: IdempotentRequest,
  serve: () => Promise<Result>,
): Promise<Result> {
  try {
    return await serve();
  } catch (error) {
    await store.release(idempotent);
    throw error;
  }
}
