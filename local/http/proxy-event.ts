import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { InvocationResult } from '../types.ts';
import { type HttpRequest, type HttpResponse, json } from './server.ts';

export type ProxyContext = {
  readonly apiId: string;
  readonly stage: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly claims: Readonly<Record<string, string>> | undefined;
  /** Virtual time, milliseconds. */
  readonly now: number;
};

/** The event of payload format 2.0. Source: API Gateway developer guide, Lambda proxy integrations for HTTP APIs. */
export function toProxyEvent(request: HttpRequest, context: ProxyContext) {
  const { cookie, ...headers } = request.headers;
  const path = decodeURIComponent(request.path);
  const query = queryParameters(request.query);
  // Packed bytes are no text, whatever was packed.
  const isText = isTextType(headers['content-type']) && isPlain(headers['content-encoding']);
  return {
    version: '2.0',
    routeKey: context.routeKey,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers,
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    ...(Object.keys(context.pathParameters).length === 0 ? {} : { pathParameters: context.pathParameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: context.apiId,
      ...(context.claims === undefined ? {} : { authorizer: { jwt: { claims: context.claims, scopes: null } } }),
      domainName: headers.host ?? '',
      domainPrefix: context.apiId,
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: context.routeKey,
      stage: context.stage,
      time: commonLogTime(context.now),
      timeEpoch: context.now,
    },
    ...(request.body.length === 0 ? {} : { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !isText,
  };
}

const answerSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** What the client gets for a function's answer; anything that is no answer is a 500 without detail. */
export function fromProxyResult(result: InvocationResult): HttpResponse {
  if (!result.ok) return json(500, { message: 'Internal Server Error' });
  const { payload } = result;
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) {
    return { ...json(200, payload), ...(typeof payload === 'string' ? { body: payload } : {}) };
  }
  const answer = answerSchema.safeParse(payload);
  if (!answer.success) return json(500, { message: 'Internal Server Error' });
  const { statusCode, headers, cookies, body, isBase64Encoded } = answer.data;
  const names = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain;charset=UTF-8',
      ...Object.fromEntries(names),
      ...(cookies?.length ? { 'set-cookie': cookies } : {}),
    },
    body: isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? ''),
  };
}

function queryParameters(query: string): Record<string, string> {
  const values = new URLSearchParams(query);
  return Object.fromEntries([...new Set(values.keys())].map((name) => [name, values.getAll(name).join(',')]));
}

function isPlain(encoding: string | undefined): boolean {
  return encoding === undefined || encoding.trim().toLowerCase() === 'identity';
}

function isTextType(contentType: string | undefined): boolean {
  return /^(text\/|application\/(json|javascript|xml|[\w.-]+\+(json|xml)))/i.test(contentType ?? 'text/plain');
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(now: number): string {
  const [, day, month, year, time] = new Date(now).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
