import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCdn } from '../../../local/http/cdn.ts';
import { type HttpRequest, type HttpResponse, type HttpServer, json, listen } from '../../../local/http/server.ts';
import type { ResolvedResource } from '../../../local/types.ts';

const objects: Readonly<Record<string, string>> = {
  '/pages/index.html': 'the portal',
  '/pages/assets/app-1.js': 'code',
  '/tables/routing/late.json': '{}',
};
let s3: HttpServer;
beforeAll(async () => {
  s3 = await listen(0, () => undefined);
  s3.serve(async ({ path }) => (path in objects ? { status: 200, body: objects[path]! } : json(404, {})));
});
afterAll(() => s3.close());

const deepLinks = `function handler(event) {
  var request = event.request;
  if (!request.uri.split('/').pop().includes('.')) request.uri = '/index.html';
  return request;
}`;
const resource = (type: string, physicalName: string, properties: object = {}): ResolvedResource => ({
  logicalId: physicalName,
  type,
  physicalName,
  arn: `arn:${physicalName}`,
  properties: properties as Record<string, unknown>,
});

function cdn(change: { readonly code?: string; readonly defaultBehavior?: object; readonly origin?: string } = {}) {
  const seen: HttpRequest[] = [];
  const resources = [
    resource('AWS::S3::Bucket', 'pages'),
    resource('AWS::S3::Bucket', 'tables'),
    resource('AWS::ApiGatewayV2::Api', 'api'),
    resource('AWS::CloudFront::Function', 'deep-links', {
      FunctionCode: change.code ?? deepLinks,
      FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
    }),
    resource('AWS::CloudFront::ResponseHeadersPolicy', 'headers', {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'none'", Override: true },
          ContentTypeOptions: { Override: true },
          FrameOptions: { FrameOption: 'DENY', Override: true },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 60, IncludeSubdomains: true, Override: true },
        },
      },
    }),
    resource('AWS::CloudFront::Distribution', 'distribution', {
      DistributionConfig: {
        DefaultRootObject: 'index.html',
        DefaultCacheBehavior: {
          TargetOriginId: 'pages',
          ResponseHeadersPolicyId: 'headers',
          FunctionAssociations: [{ EventType: 'viewer-request', FunctionARN: 'arn:deep-links' }],
          ...change.defaultBehavior,
        },
        CacheBehaviors: [
          {
            PathPattern: 'v1/*',
            TargetOriginId: 'api',
            AllowedMethods: ['GET', 'HEAD', 'POST'],
            OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
            ResponseHeadersPolicyId: 'headers',
          },
          { PathPattern: 'routing/*', TargetOriginId: 'tables' },
        ],
        Origins: [
          { Id: 'pages', DomainName: 'pages.s3.us-east-1.amazonaws.com' },
          { Id: 'tables', DomainName: 'tables.s3.us-east-1.amazonaws.com' },
          { Id: 'api', DomainName: change.origin ?? 'api.execute-api.us-east-1.amazonaws.com' },
        ],
      },
    }),
  ];
  const serve = createCdn({
    guard: () => undefined,
    ofType: (type) => resources.filter((candidate) => candidate.type === type),
    s3Endpoint: s3.url,
    api: async (request) => {
      seen.push(request);
      return json(418, { path: request.path });
    },
  });
  const ask = (method: string, path: string): Promise<HttpResponse> =>
    serve({
      method,
      path,
      query: 'a=1',
      headers: { authorization: 'Bearer t' },
      body: Buffer.from('x'),
      sourceIp: '::1',
    });
  return { ask, seen };
}

describe('the CDN', () => {
  test.each(['/', '/models/late-live', '/models/late-live/', '/retraining-queue'])(
    'answers %s with the portal',
    async (path) => {
      const response = await cdn().ask('GET', path);
      expect(String(response.body)).toBe('the portal');
    },
  );

  test('answers a file with the file, and a file that is not there with an error', async () => {
    const { ask } = cdn();
    expect(String((await ask('GET', '/assets/app-1.js')).body)).toBe('code');
    expect((await ask('GET', '/assets/app-2.js')).status).toBe(403);
  });

  test('never answers a routing table that is missing with a page', async () => {
    const { ask } = cdn();
    expect(String((await ask('GET', '/routing/late.json')).body)).toBe('{}');
    expect((await ask('GET', '/routing/nobody')).status).toBe(403);
  });

  test('hands what is below v1/ to the API as it came, and its answer back', async () => {
    const { ask, seen } = cdn();
    const response = await ask('POST', '/v1/models/late-live');
    expect(response).toMatchObject({ status: 418, body: '{"path":"/v1/models/late-live"}' });
    expect(seen).toMatchObject([{ method: 'POST', query: 'a=1', headers: { authorization: 'Bearer t' } }]);
    expect((await ask('PUT', '/v1/models/late-live')).status).toBe(403);
  });

  test('sets the headers of the behaviour’s policy, on errors too', async () => {
    const { ask } = cdn();
    const headers = {
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'strict-transport-security': 'max-age=60; includeSubDomains',
    };
    expect((await ask('GET', '/models/late-live')).headers).toMatchObject(headers);
    expect((await ask('GET', '/assets/app-2.js')).headers).toMatchObject(headers);
    expect((await ask('GET', '/v1/models')).headers).toMatchObject(headers);
    expect((await ask('GET', '/routing/late.json')).headers).not.toHaveProperty('x-frame-options');
  });

  test('gives a function nothing but its event', async () => {
    const code =
      'function handler() { return { uri: "/" + typeof process + typeof require + typeof fetch + ".html" } }';
    expect((await cdn({ code }).ask('GET', '/')).status).toBe(403);
    const { ask } = cdn({ code: 'function handler() { return { statusCode: 302 } }' });
    await expect(ask('GET', '/')).rejects.toThrow('only a changed uri is emulated');
  });

  test.each([
    [{ defaultBehavior: { OriginRequestPolicyId: 'other' } }, 'origin request policy other'],
    [
      { defaultBehavior: { FunctionAssociations: [{ EventType: 'viewer-response', FunctionARN: '' }] } },
      'viewer-request',
    ],
    [{ origin: 'elsewhere.example' }, 'origin elsewhere.example'],
  ])('refuses what it does not emulate: %j', (change, message) => {
    expect(() => cdn(change)).toThrow(message);
  });
});
