import { createHash } from 'node:crypto';
import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { authorizeOrThrow, isAuthorized } from '../authorization/authorize.ts';
import type { Actor } from '../domain/actor.ts';
import { notFound } from '../domain/errors.ts';
import { type Instant, toInstant } from '../domain/time.ts';
import type { IdempotencyStore } from '../ports/idempotency-store.ts';
import { routes } from '../routes.ts';
import { actorFromClaims, anonymous } from './actor.ts';
import { parseOrThrow } from './field-problems.ts';
import { type HttpEvent, readBody, readCorrelationId, readIdempotencyKey, readIfMatch } from './http-request.ts';
import { logger } from './logger.ts';
import type { DeepReadonly, Operation } from './operation.ts';
import { problemOf } from './problem.ts';
import { serveOnce } from './serve-once.ts';
import { underCorrelation } from './under-correlation.ts';

export type ApiRequest<P, Q, B> = {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly actor: Actor;
  /** The moment the gateway received the request. */
  readonly now: Instant;
  /** Stream version of `If-Match`; the use case throws `PreconditionFailed` when the stream has another. */
  readonly ifMatch?: number;
  /** A hash of the caller and its `Idempotency-Key`, the same of a repetition; for what must not remember its answers. */
  readonly requestId?: string;
  readonly correlationId: string;
  /** As it came, for what a signature is about. */
  readonly raw: RawRequest;
};

export type RawRequest = {
  readonly headers: HttpEvent['headers'];
  readonly body: string;
  /** The body before anything decoded it, packed if it was. */
  readonly bytes: Uint8Array;
};

export type ApiResponse<R> = {
  /** @default the operation's status */
  readonly status?: number;
  readonly body?: DeepReadonly<R>;
  /** Stream version. */
  readonly etag?: number;
  readonly headers?: Readonly<Record<string, string>>;
};

export type ApiOptions<P, Q, B> = {
  /**
   * Team that owns what is acted on, undefined when it does not exist: then who may read models gets a 404, everyone
   * else a 403. @default none: only roles that hold for every team permit the call
   */
  readonly team?: (request: ApiRequest<P, Q, B>) => Promise<string | undefined> | string | undefined;
  /** Instead of `team`, where a thing may have been delegated to people of other teams, too. */
  readonly owners?: (request: ApiRequest<P, Q, B>) => Promise<Owners | undefined>;
  /** Answers a repeated `Idempotency-Key` with the first answer. @default the header is ignored */
  readonly idempotency?: IdempotencyStore;
};

type Owners = { readonly team: string; readonly delegates: readonly string[] };
type Result = APIGatewayProxyStructuredResultV2;
type Handle<P, Q, B, R> = (request: ApiRequest<P, Q, B>) => Promise<ApiResponse<R>>;

/**
 * Serves one route: reads and checks the request, authorises it, answers a repeated one from memory, and turns every
 * error into a problem document.
 */
export function apiHandler<P, Q, B, R>(
  operation: Operation<P, Q, B, R>,
  options: ApiOptions<P, Q, B>,
  handle: Handle<P, Q, B, R>,
): (event: HttpEvent, context?: Context) => Promise<Result> {
  const served = middy<HttpEvent, Result>()
    .after(({ response }) => logger.info('answered', { operation: operation.id, status: response?.statusCode }))
    .onError((request) => {
      request.response = problemResponse(operation, request.event, request.error);
    })
    .handler(async (event: HttpEvent) => {
      const request = readRequest(operation, event);
      await authorize(operation, options, request);
      const serve = async () => responseOf(operation, request, await handle(request));
      return serveOnce(options.idempotency, { event, operationId: operation.id, request }, serve);
    });
  return underCorrelation(readCorrelationId, (event, context) => served(event, context));
}

function readRequest<P, Q, B>(operation: Operation<P, Q, B>, event: HttpEvent): ApiRequest<P, Q, B> {
  const json = operation.body === undefined ? undefined : readBody(event, operation);
  const ifMatch = readIfMatch(event);
  const actor = actorOf(event);
  const requestId = readRequestId(event, actor);
  return {
    params: parseOrThrow(operation.params, event.pathParameters ?? {}, 'path:'),
    query: parseOrThrow(operation.query, event.queryStringParameters ?? {}, 'query:'),
    // Without a schema the operation's body type is undefined.
    body: operation.body === undefined ? (undefined as B) : parseOrThrow(operation.body, json),
    actor,
    now: toInstant(event.requestContext.timeEpoch),
    correlationId: readCorrelationId(event),
    raw: rawRequest(event),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function rawRequest({ headers, body = '', isBase64Encoded }: HttpEvent): RawRequest {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return {
    headers,
    bytes,
    get body() {
      return isBase64Encoded ? bytes.toString('utf8') : body;
    },
  };
}

function readRequestId(event: HttpEvent, actor: Actor): string | undefined {
  const key = readIdempotencyKey(event);
  return key && createHash('sha256').update(`${actor.id}#${key}`).digest('hex');
}

function actorOf(event: HttpEvent): Actor {
  const claims = event.requestContext.authorizer?.jwt?.claims;
  return claims === undefined ? anonymous : actorFromClaims(claims);
}

async function authorize<P, Q, B>(
  operation: Operation<P, Q, B>,
  options: ApiOptions<P, Q, B>,
  request: ApiRequest<P, Q, B>,
): Promise<void> {
  if (routes[operation.id].authorizer === 'none') return;
  const [subject] = Object.entries(request.params ?? {});
  const modelId = subject === undefined ? undefined : String(subject[1]);
  const owners = await options.owners?.(request);
  const team = owners?.team ?? (await options.team?.(request));
  if (
    (options.team ?? options.owners) !== undefined &&
    team === undefined &&
    subject !== undefined &&
    isAuthorized(request.actor, 'getModel', { modelId })
  ) {
    throw notFound(subject[0].replace(/Id$/, ''), String(subject[1]));
  }
  authorizeOrThrow(request.actor, operation.id, { modelId, team, delegates: owners?.delegates });
}

function responseOf<P, Q, B, R>(
  operation: Operation<P, Q, B, R>,
  request: ApiRequest<P, Q, B>,
  response: ApiResponse<R>,
): Result {
  return {
    statusCode: response.status ?? operation.status,
    headers: {
      'content-type': 'application/json',
      'x-correlation-id': request.correlationId,
      ...(response.etag === undefined ? {} : { etag: `"${response.etag}"` }),
      ...response.headers,
    },
    body: response.body === undefined ? '' : JSON.stringify(response.body),
  };
}

function problemResponse(operation: Pick<Operation, 'id'>, event: HttpEvent, error: unknown): Result {
  const correlationId = readCorrelationId(event);
  const problem = problemOf(error, correlationId);
  const fields = { operation: operation.id, status: problem.status, problem: problem.type };
  if (problem.status >= 500)
    logger.error('failed', { ...fields, error: error instanceof Error ? error : String(error) });
  else logger.info('refused', fields);
  return {
    statusCode: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'x-correlation-id': correlationId,
      ...retryAfter(problem.status, event),
    },
    body: JSON.stringify(problem),
  };
}

// Limits hold for minutes of the clock.
function retryAfter(status: number, { requestContext }: HttpEvent): Readonly<Record<string, string>> {
  if (status === 503) return { 'retry-after': '1' };
  if (status !== 429) return {};
  return { 'retry-after': String(60 - (Math.floor(requestContext.timeEpoch / 1_000) % 60)) };
}
