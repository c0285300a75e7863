import path from 'node:path';
import { generateKeyPair, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { createHttpApi } from '../../../local/http/http-api.ts';
import { createIssuer, type Issuer } from '../../../local/http/issuer.ts';
import { createRoutes } from '../../../local/http/routes.ts';
import type { HttpRequest } from '../../../local/http/server.ts';
import type { InvocationResult, ResolvedResource } from '../../../local/types.ts';
import { temporaryDirectory } from './write-assembly.ts';

const url = 'http://127.0.0.1:4566/_local/issuer';
const keyFile = path.join(temporaryDirectory(), 'key.json');
let issuer: Issuer;
let token: string;

beforeAll(async () => {
  issuer = await createIssuer({ keyFile, url, clientId: 'portal' });
  token = await issuer.token({ sub: 'ada', groups: ['admin', 'editor:risk'] });
});

const resource = (type: string, physicalName: string, properties: object): ResolvedResource => ({
  logicalId: physicalName,
  type,
  physicalName,
  arn: '',
  properties: properties as Record<string, unknown>,
});

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:books';
const now = Date.parse('2001-03-12T19:03:58.123Z');

type Changes = {
  readonly route?: object;
  readonly stage?: string;
  readonly api?: object;
  readonly integration?: object;
};

/** An API with `POST /books/{id}` behind the authoriser and `GET /open` before it; the function is `answer`. */
function api(answer: (event: never) => unknown, changes: Changes = {}) {
  const secured = { AuthorizationType: 'JWT', AuthorizerId: 'jwt' };
  const resources = [
    resource('AWS::ApiGatewayV2::Api', 'api', { ProtocolType: 'HTTP', ...changes.api }),
    resource('AWS::ApiGatewayV2::Stage', 'stage', { StageName: changes.stage ?? '$default' }),
    resource('AWS::ApiGatewayV2::Integration', 'books', {
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: arn,
      PayloadFormatVersion: '2.0',
      ...changes.integration,
    }),
    resource('AWS::ApiGatewayV2::Authorizer', 'jwt', {
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['portal'], Issuer: url },
    }),
    resource('AWS::ApiGatewayV2::Route', 'post', {
      RouteKey: 'POST /books/{id}',
      Target: 'integrations/books',
      ...secured,
      ...changes.route,
    }),
    resource('AWS::ApiGatewayV2::Route', 'open', { RouteKey: 'GET /open', Target: 'integrations/books' }),
  ];
  const functions = {
    async invoke(name: string, event: unknown): Promise<InvocationResult> {
      expect(name).toBe(arn);
      try {
        return { ok: true, payload: await answer(event as never) };
      } catch (error) {
        return { ok: false, errorType: 'Error', errorMessage: String(error) };
      }
    },
  };
  const template = { ofType: (type: string) => resources.filter((candidate) => candidate.type === type) };
  return createHttpApi({ template, functions, clock: { now: () => now }, issuer, guard: () => undefined });
}

function request(line: string, options: Partial<HttpRequest> = {}): HttpRequest {
  const [method = '', target = ''] = line.split(' ');
  const [requestPath = '', query = ''] = target.split('?');
  return { method, path: requestPath, query, headers: {}, body: Buffer.alloc(0), sourceIp: '127.0.0.1', ...options };
}

const withToken = (bearer: string) => ({ headers: { authorization: `Bearer ${bearer}` } });

describe('the event of a function', () => {
  test('has method, decoded path, parameters, query, cookies, claims and virtual time', async () => {
    const serve = api((event) => event);
    const response = await serve(
      request('POST /books/war%20and%20peace?page=1&page=2&lang=de', {
        headers: {
          authorization: `Bearer ${token}`,
          cookie: 'a=1; b=2',
          'content-type': 'application/json',
          'user-agent': 'test',
          host: '127.0.0.1:4566',
        },
        body: Buffer.from('{"x":1}'),
      }),
    );
    expect(JSON.parse(String(response.body))).toMatchObject({
      version: '2.0',
      routeKey: 'POST /books/{id}',
      rawPath: '/books/war and peace',
      rawQueryString: 'page=1&page=2&lang=de',
      cookies: ['a=1', 'b=2'],
      headers: { 'content-type': 'application/json' },
      queryStringParameters: { page: '1,2', lang: 'de' },
      pathParameters: { id: 'war and peace' },
      requestContext: {
        authorizer: { jwt: { claims: { sub: 'ada', 'cognito:groups': '[admin editor:risk]', client_id: 'portal' } } },
        http: { method: 'POST', path: '/books/war and peace', sourceIp: '127.0.0.1', userAgent: 'test' },
        stage: '$default',
        time: '12/Mar/2001:19:03:58 +0000',
        timeEpoch: now,
      },
      body: '{"x":1}',
      isBase64Encoded: false,
    });
  });

  test('has every claim as text', async () => {
    const serve = api(
      (event: { requestContext: { authorizer: { jwt: { claims: object } } } }) =>
        event.requestContext.authorizer.jwt.claims,
    );
    const response = await serve(request('POST /books/1', withToken(token)));
    const claims: Record<string, unknown> = JSON.parse(String(response.body));
    expect(Object.values(claims).every((claim) => typeof claim === 'string')).toBe(true);
  });

  test('carries binary content in base64', async () => {
    const serve = api((event) => event);
    const body = Buffer.from([0xff, 0x00, 0x80]);
    const headers = { ...withToken(token).headers, 'content-type': 'application/gzip' };
    const response = await serve(request('POST /books/1', { headers, body }));
    expect(JSON.parse(String(response.body))).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true });
  });

  test('carries packed text in base64', async () => {
    const serve = api((event) => event);
    const body = Buffer.from([0x1f, 0x8b, 0x08, 0xff]);
    const type = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const response = await serve(request('POST /books/1', { headers: { ...withToken(token).headers, ...type }, body }));
    expect(JSON.parse(String(response.body))).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true });
  });

  test('has no body, parameters or query that the request did not have', async () => {
    const event = JSON.parse(String((await api((event) => event)(request('GET /open'))).body));
    for (const name of ['body', 'pathParameters', 'queryStringParameters', 'cookies'])
      expect(event).not.toHaveProperty(name);
    expect(event.requestContext).not.toHaveProperty('authorizer');
  });
});

describe('the answer', () => {
  const answerTo = async (answer: (event: never) => unknown, changes?: Changes) =>
    api(answer, changes)(request('GET /open'));

  test('has status, headers, cookies and body of the function', async () => {
    const headers = { 'Content-Type': 'text/csv', 'X-Number': 3 };
    expect(await answerTo(() => ({ statusCode: 201, headers, cookies: ['a=1'], body: 'x,y' }))).toEqual({
      status: 201,
      headers: { 'content-type': 'text/csv', 'x-number': '3', 'set-cookie': ['a=1'] },
      body: 'x,y',
    });
  });

  test('is decoded from base64', async () => {
    const { body } = await answerTo(() => ({ statusCode: 200, isBase64Encoded: true, body: '/wCA' }));
    expect(body).toEqual(Buffer.from([0xff, 0x00, 0x80]));
  });

  test('is JSON with status 200 when the function says no status', async () => {
    expect(await answerTo(() => ({ title: 'x' }))).toMatchObject({ status: 200, body: '{"title":"x"}' });
  });

  const internal = { status: 500, body: '{"message":"Internal Server Error"}' };

  test('to a function that fails is 500 without detail', async () => {
    const fail = () => {
      throw new Error('secret');
    };
    expect(await answerTo(fail)).toMatchObject(internal);
  });

  test('of the wrong shape is 500 without detail', async () => {
    expect(await answerTo(() => ({ statusCode: 'abc' }))).toMatchObject(internal);
    expect(await answerTo(() => ({ statusCode: 200, body: { not: 'text' } }))).toMatchObject(internal);
  });

  test('of a function that outlasts its integration is 503', async () => {
    expect(await answerTo(() => new Promise(() => undefined), { integration: { TimeoutInMillis: 50 } })).toMatchObject({
      status: 503,
      body: '{"message":"Service Unavailable"}',
    });
  });
});

describe('requests that reach no function', () => {
  const never = () => expect.unreachable('the function was called');

  test.each(['GET /nothing', 'GET /books/1', 'POST /books', 'POST /books/', 'POST /books/1/2', 'GET /open/'])(
    '%s is not found',
    async (line) => {
      const response = await api(never)(request(line, withToken(token)));
      expect(response).toMatchObject({ status: 404, body: '{"message":"Not Found"}' });
    },
  );

  test('a malformed path is a bad request', async () => {
    expect(await api(never)(request('POST /books/%zz', withToken(token)))).toMatchObject({ status: 400 });
  });

  test('an API without a stage is not found', async () => {
    expect(await api(never, { stage: 'prod' })(request('GET /open'))).toMatchObject({ status: 404 });
  });

  test('a body beyond what a function takes is refused', async () => {
    const body = Buffer.alloc(6_300_000, 'x');
    expect(await api(never)(request('POST /books/1', { ...withToken(token), body }))).toMatchObject({ status: 413 });
  });
});

test('a named stage is the first part of the path', async () => {
  const serve = api((event: { requestContext: { stage: string } }) => event.requestContext.stage, { stage: 'prod' });
  expect(await serve(request('GET /prod/open'))).toMatchObject({ status: 200, body: 'prod' });
});

describe('the authoriser', () => {
  const serve = (bearer: string | undefined, route: object = {}) =>
    api(() => 'in', { route })(request('POST /books/1', bearer === undefined ? {} : withToken(bearer)));
  const challenge = (reason: string) => `Bearer scope="" error="invalid_token" error_description="${reason}"`;

  test('lets a token of the issuer in', async () => {
    expect(await serve(token)).toMatchObject({ status: 200, body: 'in' });
  });

  test('refuses a request without a token', async () => {
    expect(await serve(undefined)).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: '{"message":"Unauthorized"}',
    });
  });

  test('refuses an expired token by real time', async () => {
    const expired = await issuer.token({ sub: 'ada', groups: [] }, -60);
    expect(await serve(expired)).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': challenge('the token has expired') },
    });
  });

  test('refuses a token that was tampered with', async () => {
    const [header, , signature] = token.split('.');
    const claims = Buffer.from(JSON.stringify({ sub: 'eve', iss: url, client_id: 'portal', exp: 9e9 })).toString(
      'base64url',
    );
    expect(await serve(`${header}.${claims}.${signature}`)).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': challenge('signature verification failed') },
    });
  });

  test.each(['none', 'abc', 'a.b.c'])('refuses %s, which is no token', async (bearer) => {
    expect(await serve(bearer)).toMatchObject({ status: 401 });
  });

  test('refuses a token that somebody else signed', async () => {
    const { privateKey } = await generateKeyPair('RS256');
    const forged = await new SignJWT({ client_id: 'portal' })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(url)
      .setExpirationTime('1h')
      .sign(privateKey);
    expect(await serve(forged)).toMatchObject({ status: 401 });
  });

  test('refuses a token of another issuer and a token for another client', async () => {
    const elsewhere = await createIssuer({ keyFile, url: 'http://elsewhere/issuer', clientId: 'portal' });
    const stranger = await createIssuer({ keyFile, url, clientId: 'stranger' });
    const claims = { sub: 'ada', groups: [] };
    expect(await serve(await elsewhere.token(claims))).toMatchObject({ status: 401 });
    expect(await serve(await stranger.token(claims))).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': challenge('the token has an invalid audience') },
    });
  });

  test('asks for one of the scopes of the route', async () => {
    expect(await serve(token, { AuthorizationScopes: ['books', 'openid'] })).toMatchObject({ status: 200 });
    expect(await serve(token, { AuthorizationScopes: ['books'] })).toMatchObject({ status: 403 });
  });

  test('keeps its key, so that a token outlives a restart', async () => {
    issuer = await createIssuer({ keyFile, url, clientId: 'portal' });
    expect(await serve(token)).toMatchObject({ status: 200 });
  });
});

describe('CORS', () => {
  const configured = {
    api: {
      CorsConfiguration: {
        AllowOrigins: ['https://portal'],
        AllowMethods: ['POST'],
        AllowHeaders: ['authorization'],
        MaxAge: 60,
      },
    },
  };
  const preflight = (origin: string) =>
    request('OPTIONS /books/1', { headers: { origin, 'access-control-request-method': 'POST' } });

  test('answers preflight requests of allowed origins', async () => {
    expect(await api(() => '', configured)(preflight('https://portal'))).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://portal',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization',
        'access-control-max-age': '60',
      },
    });
    expect(await api(() => '', configured)(preflight('https://evil'))).toEqual({ status: 204, headers: {} });
  });

  test('marks answers for allowed origins, also refusals', async () => {
    const headers = { origin: 'https://portal' };
    const allowed = { headers: { 'access-control-allow-origin': 'https://portal' } };
    expect(await api(() => '', configured)(request('GET /open', { headers }))).toMatchObject({
      status: 200,
      ...allowed,
    });
    expect(await api(() => '', configured)(request('POST /books/1', { headers }))).toMatchObject({
      status: 401,
      ...allowed,
    });
  });

  test('is left to the functions when the API configures none', async () => {
    expect(await api(() => '')(preflight('https://portal'))).toMatchObject({ status: 404 });
  });
});

test('what the template asks for and nobody emulates is an error naming it', () => {
  const make = (changes: Changes) => () => api(() => '', changes);
  expect(make({ integration: { PayloadFormatVersion: '1.0' } })).toThrow(
    /Integration books: .*only payload format 2\.0/,
  );
  expect(make({ route: { AuthorizationType: 'AWS_IAM' } })).toThrow(/Route post: .*only NONE and JWT/);
  expect(make({ route: { AuthorizerId: 'other' } })).toThrow(/Route post: no AWS::ApiGatewayV2::Authorizer other/);
});

test('the most specific route wins, whatever the order', () => {
  const keys = ['$default', 'ANY /{all+}', 'GET /{all+}', 'GET /a/{x}', 'ANY /a/b', 'GET /a/b', 'GET /a/{x}/c'];
  const lookups = {
    'GET /a/b': 'GET /a/b',
    'PUT /a/b': 'ANY /a/b',
    'GET /a/z': 'GET /a/{x}',
    'GET /a/z/c': 'GET /a/{x}/c',
    'GET /q/r': 'GET /{all+}',
    'PUT /q': 'ANY /{all+}',
    'GET /': '$default',
  };
  for (const order of [keys, keys.toReversed()]) {
    const match = createRoutes(order.map((key) => [key, key] as const));
    for (const [line, expected] of Object.entries(lookups)) {
      const [method = '', requested = ''] = line.split(' ');
      expect(match(method, requested)?.value).toBe(expected);
    }
  }
});
