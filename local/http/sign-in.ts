import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Issuer, TokenClaims } from './issuer.ts';
import { type HttpRequest, type HttpResponse, json } from './server.ts';
import { renderRefusal, renderSignInPage } from './sign-in-page.ts';

export type SignInOptions = {
  readonly issuer: Issuer;
  /** The user pool's clients in the template, by id. */
  readonly clients: ReadonlyMap<string, SignInClient>;
};
/** Addresses that people may be sent to. */
export type SignInClient = { readonly callbackUrls: readonly string[]; readonly logoutUrls: readonly string[] };

const requestSchema = z.object({
  response_type: z.literal('code'),
  client_id: z.string(),
  redirect_uri: z.string(),
  state: z.string().default(''),
  nonce: z.string().optional(),
  scope: z.string().default('openid'),
  code_challenge: z.string().min(43),
  code_challenge_method: z.literal('S256'),
});
type SignInRequest = z.infer<typeof requestSchema>;
const personSchema = z.object({
  name: z.string().regex(/^[\w.@-]{1,64}$/, 'a name has up to 64 letters, digits, dots, hyphens or @'),
  groups: z.string().transform((text) => text.split(/[\s,]+/).filter((group) => group !== '')),
});
const exchangeSchema = z.object({
  grant_type: z.literal('authorization_code'),
  client_id: z.string(),
  code: z.string(),
  redirect_uri: z.string(),
  code_verifier: z.string().min(43),
});
/** As Cognito's codes. */
const codeLifetimeMilliseconds = 5 * 60_000;
/** The portal fetches from another origin; nothing here depends on who asks. */
const cors = { 'access-control-allow-origin': '*' };

type Grant = { readonly request: SignInRequest; readonly person: TokenClaims; readonly expiresAt: number };

/**
 * The user pool's pages below the issuer's address: `/authorize` (authorization code with PKCE), `/token`, `/logout`.
 * Undefined for any other path.
 */
export function createSignIn({ issuer, clients }: SignInOptions) {
  const base = new URL(issuer.url).pathname;
  // A code lives for minutes and once: a restart may forget it.
  const grants = new Map<string, Grant>();

  function accept(parameters: object): SignInRequest | HttpResponse {
    const parsed = requestSchema.safeParse(parameters);
    if (!parsed.success) return refuse(`the request is not complete: ${z.prettifyError(parsed.error)}`);
    const client = clients.get(parsed.data.client_id);
    if (client === undefined) return refuse(`the template has no client ${parsed.data.client_id}`);
    if (!client.callbackUrls.includes(parsed.data.redirect_uri))
      return refuse(`${parsed.data.redirect_uri} is no callback of the client`);
    return parsed.data;
  }

  function ask({ query }: HttpRequest): HttpResponse {
    const request = accept(fields(query));
    return 'status' in request ? request : page(request);
  }

  function page(request: SignInRequest, problem?: string): HttpResponse {
    const hidden = Object.fromEntries(
      Object.entries(request).filter((item): item is [string, string] => item[1] !== undefined),
    );
    return html(problem === undefined ? 200 : 400, renderSignInPage({ action: `${base}/authorize`, hidden, problem }));
  }

  function permit({ body }: HttpRequest): HttpResponse {
    const given = fields(body.toString());
    const request = accept(given);
    if ('status' in request) return request;
    const person = personSchema.safeParse(given);
    if (!person.success) return page(request, person.error.issues[0]?.message);
    const code = randomUUID();
    const { name: sub, groups } = person.data;
    grants.set(code, { request, person: { sub, groups }, expiresAt: Date.now() + codeLifetimeMilliseconds });
    const target = new URL(request.redirect_uri);
    target.searchParams.set('code', code);
    target.searchParams.set('state', request.state);
    return { status: 303, headers: { location: target.href } };
  }

  async function exchange({ body }: HttpRequest): Promise<HttpResponse> {
    const parsed = exchangeSchema.safeParse(fields(body.toString()));
    if (!parsed.success) return json(400, { error: 'invalid_request' }, cors);
    const { code, code_verifier: verifier, client_id: clientId, redirect_uri: redirectUri } = parsed.data;
    const grant = grants.get(code);
    grants.delete(code);
    const isItsOwn =
      grant !== undefined &&
      grant.expiresAt > Date.now() &&
      grant.request.client_id === clientId &&
      grant.request.redirect_uri === redirectUri &&
      grant.request.code_challenge === createHash('sha256').update(verifier).digest('base64url');
    if (!isItsOwn) return json(400, { error: 'invalid_grant' }, cors);
    const { person, request } = grant;
    const answer = {
      access_token: await issuer.token(person),
      id_token: await issuer.idToken(person, request.nonce),
      token_type: 'Bearer',
      expires_in: issuer.lifetimeSeconds,
      scope: request.scope,
    };
    return json(200, answer, { ...cors, 'cache-control': 'no-store' });
  }

  function leave({ query }: HttpRequest): HttpResponse {
    const { client_id: clientId = '', logout_uri: target = '' } = fields(query);
    if (!clients.get(clientId)?.logoutUrls.includes(target)) return refuse(`${target} is no address to leave to`);
    return { status: 303, headers: { location: target } };
  }

  const operations: Readonly<Record<string, (request: HttpRequest) => HttpResponse | Promise<HttpResponse>>> = {
    [`GET ${base}/authorize`]: ask,
    [`POST ${base}/authorize`]: permit,
    [`POST ${base}/token`]: exchange,
    [`GET ${base}/logout`]: leave,
  };
  return (request: HttpRequest): HttpResponse | Promise<HttpResponse> | undefined =>
    operations[`${request.method} ${request.path}`]?.(request);
}

function fields(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(text));
}

function refuse(problem: string): HttpResponse {
  return html(400, renderRefusal(problem));
}

function html(status: number, body: string): HttpResponse {
  // Nobody else may frame the page or read what it is given.
  const headers = { 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' };
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body };
}
