import * as z from 'zod';
import { parseProperties } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';
import type { HttpRequest, HttpResponse } from './server.ts';

export interface Cors {
  /** The answer to a preflight request; undefined for any other. */
  preflight(request: HttpRequest): HttpResponse | undefined;
  decorate(request: HttpRequest, response: HttpResponse): HttpResponse;
}

const apiProperties = z.object({
  CorsConfiguration: z
    .object({
      AllowOrigins: z.array(z.string()).default([]),
      AllowMethods: z.array(z.string()).default([]),
      AllowHeaders: z.array(z.string()).default([]),
      ExposeHeaders: z.array(z.string()).default([]),
      AllowCredentials: z.boolean().default(false),
      MaxAge: z.number().optional(),
    })
    .optional(),
});

/** Undefined when the API configures none; then functions answer OPTIONS themselves. */
export function createCors(api: ResolvedResource): Cors | undefined {
  const settings = parseProperties(api, apiProperties).CorsConfiguration;
  if (settings === undefined) return undefined;
  const { AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders, AllowCredentials, MaxAge } = settings;

  function allowOrigin(request: HttpRequest): Record<string, string> | undefined {
    const origin = request.headers.origin;
    const isAny = AllowOrigins.includes('*');
    if (origin === undefined || !(isAny || AllowOrigins.includes(origin))) return undefined;
    return {
      'access-control-allow-origin': isAny ? '*' : origin,
      vary: 'Origin',
      ...(AllowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
    };
  }

  return {
    preflight(request) {
      if (request.method !== 'OPTIONS' || !('access-control-request-method' in request.headers)) return undefined;
      const allowed = allowOrigin(request);
      const details = {
        'access-control-allow-methods': AllowMethods.join(','),
        'access-control-allow-headers': AllowHeaders.join(','),
        ...(MaxAge === undefined ? {} : { 'access-control-max-age': String(MaxAge) }),
      };
      return { status: 204, headers: allowed === undefined ? {} : { ...allowed, ...details } };
    },
    decorate(request, response) {
      const allowed = allowOrigin(request);
      if (allowed === undefined) return response;
      const exposed = ExposeHeaders.length === 0 ? {} : { 'access-control-expose-headers': ExposeHeaders.join(',') };
      return { ...response, headers: { ...response.headers, ...allowed, ...exposed } };
    },
  };
}
