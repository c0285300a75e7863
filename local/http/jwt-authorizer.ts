import { errors, type JWTPayload } from 'jose';
import * as z from 'zod';
import { parseProperties, unsupported } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';
import type { Issuer } from './issuer.ts';
import { type HttpRequest, type HttpResponse, json } from './server.ts';

export type Authorization =
  | { readonly ok: true; readonly claims: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly response: HttpResponse };

/** Decides over one request. `scopes`: the token must hold one of them, unless there are none. */
export type Authorizer = (request: HttpRequest, scopes: readonly string[]) => Promise<Authorization>;

const authorizerProperties = z.object({
  AuthorizerType: z.literal('JWT', 'only JWT authorizers are emulated'),
  IdentitySource: z.tuple([z.string().regex(/^\$request\.header\.[\w-]+$/, 'only a header is emulated')]),
  JwtConfiguration: z.object({ Audience: z.array(z.string()), Issuer: z.string() }),
});

/** An `AWS::ApiGatewayV2::Authorizer`. Throws an Error for one that does not trust the embedded issuer. */
export function createJwtAuthorizer(resource: ResolvedResource, issuer: Issuer): Authorizer {
  const { IdentitySource, JwtConfiguration } = parseProperties(resource, authorizerProperties);
  if (JwtConfiguration.Issuer !== issuer.url) {
    throw unsupported(resource, `JwtConfiguration.Issuer ${JwtConfiguration.Issuer} is not the user pool`);
  }
  const header = IdentitySource[0].slice('$request.header.'.length).toLowerCase();
  return async (request, scopes) => {
    const token = request.headers[header]?.replace(/^Bearer +/i, '');
    if (!token) return unauthorized('Bearer');
    try {
      const claims = await issuer.verify(token);
      if (!isFor(claims, JwtConfiguration.Audience)) return invalid('the token has an invalid audience');
      if (!hasScope(claims, scopes)) return { ok: false, response: json(403, { message: 'Forbidden' }) };
      return { ok: true, claims: render(claims) };
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      return invalid(describe(error));
    }
  };
}

function isFor(claims: JWTPayload, audience: readonly string[]): boolean {
  // Cognito's access tokens name the client in `client_id` and have no `aud`.
  const named = claims.aud ?? claims.client_id;
  return [named].flat().some((name) => audience.includes(String(name)));
}

function hasScope(claims: JWTPayload, scopes: readonly string[]): boolean {
  const held = String(claims.scope ?? '').split(' ');
  return scopes.length === 0 || scopes.some((scope) => held.includes(scope));
}

/** As API Gateway hands claims to a function: everything is text, a list is `[a b]`. */
function render(claims: JWTPayload): Record<string, string> {
  const text = (value: unknown) => {
    if (Array.isArray(value)) return `[${value.join(' ')}]`;
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, text(value)]));
}

function describe(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature verification failed';
  return error.message.replaceAll('"', "'");
}

function invalid(reason: string): Authorization {
  return unauthorized(`Bearer scope="" error="invalid_token" error_description="${reason}"`);
}

function unauthorized(challenge: string): Authorization {
  return { ok: false, response: json(401, { message: 'Unauthorized' }, { 'www-authenticate': challenge }) };
}
