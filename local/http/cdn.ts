import * as z from 'zod';
import { parseProperties, unsupported } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from './server.ts';

export type CdnOptions = {
  /** Resources of type `AWS::CloudFront::Distribution` and `AWS::S3::Bucket`. */
  readonly distributions: readonly ResolvedResource[];
  readonly buckets: readonly ResolvedResource[];
  readonly s3Endpoint: string;
};

const behavior = z.object({ TargetOriginId: z.string() });
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
    Origins: z.array(z.object({ Id: z.string(), DomainName: z.string(), OriginPath: z.string().default('') })),
  }),
});
type Distribution = z.infer<typeof distributionProperties>['DistributionConfig'];

const passedHeaders = ['content-type', 'content-encoding', 'cache-control', 'etag', 'last-modified'];

/** The template's CloudFront distribution over S3 origins, without a cache: every answer is fresh. */
export function createCdn({ distributions, buckets, s3Endpoint }: CdnOptions): HttpHandler {
  const [distribution, second] = distributions;
  if (distribution === undefined) return async () => forbidden;
  if (second !== undefined) throw unsupported(second, 'only one distribution is emulated');
  const { DistributionConfig: config } = parseProperties(distribution, distributionProperties);
  const locations = new Map(
    config.Origins.map((origin) => {
      const bucket = buckets.find(({ physicalName }) => origin.DomainName.startsWith(`${physicalName}.s3.`));
      if (bucket === undefined)
        throw unsupported(distribution, `origin ${origin.DomainName} is no bucket of the template`);
      return [origin.Id, `${s3Endpoint}/${bucket.physicalName}${origin.OriginPath}`];
    }),
  );

  async function load(request: HttpRequest, pathname: string): Promise<HttpResponse> {
    const location = locations.get(behaviorFor(config, pathname).TargetOriginId);
    const object = await fetch(`${location}${pathname}`);
    // Without the right to list, S3 does not tell a missing object from a forbidden one.
    if (!object.ok) return forbidden;
    const headers = Object.fromEntries(passedHeaders.flatMap((name) => entry(name, object.headers.get(name))));
    if (isKnown(request.headers['if-none-match'], headers.etag)) return { status: 304, headers };
    return { status: 200, headers, body: Buffer.from(await object.arrayBuffer()) };
  }

  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return forbidden;
    const pathname = request.path === '/' ? `/${config.DefaultRootObject ?? ''}` : request.path;
    const response = await load(request, pathname);
    const custom = config.CustomErrorResponses.find(({ ErrorCode }) => ErrorCode === response.status);
    if (custom?.ResponsePagePath === undefined) return response;
    const page = await load({ ...request, headers: {} }, custom.ResponsePagePath);
    return page.status === 200 ? { ...page, status: custom.ResponseCode ?? response.status } : response;
  };
}

function behaviorFor(config: Distribution, pathname: string) {
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
