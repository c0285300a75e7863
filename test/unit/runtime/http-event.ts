import type { Context } from 'aws-lambda';
import type { HttpEvent } from '../../../shared/runtime/http-request.ts';

export type GivenRequest = {
  readonly groups?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly body?: string | Buffer | object;
  readonly headers?: Record<string, string>;
  readonly base64?: boolean;
};

export const receivedAt = '2001-01-22T06:00:00.000Z';

/** API Gateway's event, as far as functions look at it. */
export function httpEvent(given: GivenRequest = {}): HttpEvent {
  const { groups = '[editor:flights viewer]', claims = { sub: 'ada', 'cognito:groups': groups }, body } = given;
  const text = Buffer.isBuffer(body) ? body.toString('base64') : typeof body === 'object' ? JSON.stringify(body) : body;
  const event = {
    headers: { ...(text && { 'content-type': 'application/json' }), ...given.headers },
    ...(given.params && { pathParameters: given.params }),
    ...(given.query && { queryStringParameters: given.query }),
    ...(text !== undefined && { body: given.base64 ? Buffer.from(text).toString('base64') : text }),
    isBase64Encoded: given.base64 === true || Buffer.isBuffer(body),
    requestContext: { requestId: 'request-1', timeEpoch: Date.parse(receivedAt), authorizer: { jwt: { claims } } },
  };
  return event as unknown as HttpEvent;
}

/** Without a deadline. */
export const context = {} as Context;
