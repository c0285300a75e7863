import * as z from 'zod';
import { parseProperties } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';

const overriding = z.literal(true, 'only headers that override the origin are emulated');
const properties = z.object({
  ResponseHeadersPolicyConfig: z.object({
    SecurityHeadersConfig: z.object({
      ContentSecurityPolicy: z.object({ ContentSecurityPolicy: z.string(), Override: overriding }).optional(),
      ContentTypeOptions: z.object({ Override: overriding }).optional(),
      FrameOptions: z.object({ FrameOption: z.string(), Override: overriding }).optional(),
      ReferrerPolicy: z.object({ ReferrerPolicy: z.string(), Override: overriding }).optional(),
      StrictTransportSecurity: z
        .object({
          AccessControlMaxAgeSec: z.number(),
          IncludeSubdomains: z.boolean().default(false),
          Override: overriding,
        })
        .optional(),
    }),
  }),
});

/** An `AWS::CloudFront::ResponseHeadersPolicy` by its id: the headers it gives every answer. */
export function createResponseHeaders(resource: ResolvedResource): readonly [string, Readonly<Record<string, string>>] {
  const { ResponseHeadersPolicyConfig } = parseProperties(resource, properties);
  const security = ResponseHeadersPolicyConfig.SecurityHeadersConfig;
  const transport = security.StrictTransportSecurity;
  const headers = {
    'content-security-policy': security.ContentSecurityPolicy?.ContentSecurityPolicy,
    'x-content-type-options': security.ContentTypeOptions && 'nosniff',
    'x-frame-options': security.FrameOptions?.FrameOption,
    'referrer-policy': security.ReferrerPolicy?.ReferrerPolicy,
    'strict-transport-security':
      transport &&
      `max-age=${transport.AccessControlMaxAgeSec}${transport.IncludeSubdomains ? '; includeSubDomains' : ''}`,
  };
  const set = Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined);
  return [resource.physicalName, Object.fromEntries(set)];
}
