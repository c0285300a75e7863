import * as z from 'zod';
import { parseProperties, unsupported } from '../services/properties.ts';
import type { Guard, ResolvedResource } from '../types.ts';
import { createEdgeFunction, type EdgeFunction } from './edge-function.ts';
import { createResponseHeaders } from './response-headers.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from './server.ts';

export type CdnOptions = {
  /** Finds distributions, functions, header policies and origins of the template. */
  readonly ofType: (type: string) => readonly ResolvedResource[];
  readonly s3Endpoint: string;
  /** The template's HTTP API. */
  readonly api: HttpHandler;
  /** Asked before an object is read. */
  readonly guard: Guard;
};

const behavior = z.object({
  TargetOriginId: z.string(),
  AllowedMethods: z.array(z.string()).default(['GET', 'HEAD']),
  FunctionAssociations: z
    .array(
      z.object({
        EventType: z.literal('viewer-request', 'only viewer-request is emulated'),
        FunctionARN: z.string(),
      }),
    )
    .default([]),
  ResponseHeadersPolicyId: z.string().optional(),
  OriginRequestPolicyId: z.string().optional(),
});
const distributionProperties = z.object({
  DistributionConfig: z.object({
    DefaultCacheBehavior: behavior,
    CacheBehaviors: z.array(behavior.extend({ PathPattern: z.string() })).default([]),
    DefaultRootObject: z.string().optional(),
    CustomErrorResponses: z
      .array(
        z.object({
          ErrorCode: z.number(),
          ResponseCode: z.number().optional(),
          ResponsePagePath: z.string().optional(),
        }),
      )
      .default([]),
    Origins: z.array(
      z.object({
        Id: z.string(),
        DomainName: z.string(),
        OriginPath: z.string().default(''),
        OriginAccessControlId: z.string().optional(),
      }),
    ),
  }),
});
type Distribution = z.infer<typeof distributionProperties>['DistributionConfig'];
type Behavior = z.infer<typeof behavior>;

const passedHeaders = ['content-type', 'content-encoding', 'cache-control', 'etag', 'last-modified'];
/** AWS's own policy that forwards everything of the viewer but its host. */
const allViewerExceptHostHeader = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

/** The template's CloudFront distribution over S3 origins and the API, without a cache: every answer is fresh. */
export function createCdn(options: CdnOptions): HttpHandler {
  const [distribution, second] = options.ofType('AWS::CloudFront::Distribution');
  if (distribution === undefined) return async () => forbidden;
  if (second !== undefined) throw unsupported(second, 'only one distribution is emulated');
  const { DistributionConfig: config } = parseProperties(distribution, distributionProperties);
  const origins = new Map(config.Origins.map((origin) => [origin.Id, openOrigin(origin, distribution, options)]));
  const behaviors = [config.DefaultCacheBehavior, ...config.CacheBehaviors];
  const forwarded = behaviors.find(({ OriginRequestPolicyId: id = allViewerExceptHostHeader }) => {
    return id !== allViewerExceptHostHeader;
  });
  if (forwarded) throw unsupported(distribution, `origin request policy ${forwarded.OriginRequestPolicyId}`);
  const edgeFunctions = new Map(options.ofType('AWS::CloudFront::Function').map(createEdgeFunction));
  const decorations = new Map(options.ofType('AWS::CloudFront::ResponseHeadersPolicy').map(createResponseHeaders));

  async function load(request: HttpRequest, { TargetOriginId }: Behavior): Promise<HttpResponse> {
    const origin = origins.get(TargetOriginId);
    if (origin === undefined) throw unsupported(distribution!, `no origin ${TargetOriginId}`);
    return origin(request);
  }

  async function answer(request: HttpRequest, matched: Behavior): Promise<HttpResponse> {
    if (!matched.AllowedMethods.includes(request.method)) return forbidden;
    const rewritten = rewrite(request, matched, edgeFunctions);
    const path = rewritten.path === '/' ? `/${config.DefaultRootObject ?? ''}` : rewritten.path;
    const response = await load({ ...rewritten, path }, matched);
    const custom = config.CustomErrorResponses.find(({ ErrorCode }) => ErrorCode === response.status);
    if (custom?.ResponsePagePath === undefined) return response;
    const errorPage = { ...request, path: custom.ResponsePagePath, headers: {} };
    const page = await load(errorPage, behaviorFor(config, custom.ResponsePagePath));
    return page.status === 200 ? { ...page, status: custom.ResponseCode ?? response.status } : response;
  }

  return async (request) => {
    const matched = behaviorFor(config, request.path);
    const response = await answer(request, matched);
    const decoration = decorations.get(matched.ResponseHeadersPolicyId ?? '') ?? {};
    return { ...response, headers: { ...response.headers, ...decoration } };
  };
}

function rewrite(
  request: HttpRequest,
  { FunctionAssociations }: Behavior,
  edgeFunctions: ReadonlyMap<string, EdgeFunction>,
): HttpRequest {
  const [association] = FunctionAssociations;
  if (association === undefined) return request;
  const run = edgeFunctions.get(association.FunctionARN);
  if (run === undefined) throw new Error(`no function ${association.FunctionARN} in the template`);
  return { ...request, path: run(request) };
}

function openOrigin(
  origin: Distribution['Origins'][number],
  distribution: ResolvedResource,
  { ofType, s3Endpoint, api, guard }: CdnOptions,
): HttpHandler {
  const { DomainName, OriginPath, OriginAccessControlId } = origin;
  const bucket = ofType('AWS::S3::Bucket').find(({ physicalName }) => DomainName.startsWith(`${physicalName}.s3.`));
  // Without an access control the request is anonymous, and no bucket here is public.
  const principal = OriginAccessControlId === undefined ? 'anonymous' : 'cloudfront.amazonaws.com';
  if (bucket)
    return async (request) => {
      const resource = `${bucket.arn}${OriginPath}${decodeURIComponent(request.path)}`;
      const refusal = guard({ principal, action: 's3:GetObject', resource, sourceArn: distribution.arn });
      return refusal === undefined
        ? readObject(request, `${s3Endpoint}/${bucket.physicalName}${OriginPath}`)
        : forbidden;
    };
  const isApi = ofType('AWS::ApiGatewayV2::Api').some(({ physicalName }) =>
    DomainName.startsWith(`${physicalName}.execute-api.`),
  );
  if (!isApi) throw unsupported(distribution, `origin ${DomainName} is neither a bucket nor the API of the template`);
  return (request) => api({ ...request, path: `${OriginPath}${request.path}` });
}

async function readObject(request: HttpRequest, location: string): Promise<HttpResponse> {
  const object = await fetch(`${location}${request.path}`);
  // Without the right to list, S3 does not tell a missing object from a forbidden one.
  if (!object.ok) return forbidden;
  const headers = Object.fromEntries(passedHeaders.flatMap((name) => entry(name, object.headers.get(name))));
  if (isKnown(request.headers['if-none-match'], headers.etag)) return { status: 304, headers };
  return { status: 200, headers, body: Buffer.from(await object.arrayBuffer()) };
}

function behaviorFor(config: Distribution, pathname: string): Behavior {
  // `*` stands for any characters, also slashes; `?` for one.
  const fits = ({ PathPattern }: { readonly PathPattern: string }) => {
    const pattern = PathPattern.replace(/^\//, '').replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^/${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(pathname);
  };
  return config.CacheBehaviors.find(fits) ?? config.DefaultCacheBehavior;
}

function isKnown(ifNoneMatch: string | undefined, etag: string | undefined): boolean {
  const known = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return etag !== undefined && (known.includes(etag) || known.includes('*'));
}

function entry(name: string, value: string | null): readonly (readonly [string, string])[] {
  return value === null ? [] : [[name, value]];
}

const forbidden: HttpResponse = {
  status: 403,
  headers: { 'content-type': 'application/xml' },
  body: '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
};
