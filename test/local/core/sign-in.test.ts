import { createHash } from 'node:crypto';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createIssuer, type Issuer } from '../../../local/http/issuer.ts';
import type { HttpRequest, HttpResponse } from '../../../local/http/server.ts';
import { createSignIn } from '../../../local/http/sign-in.ts';
import { temporaryDirectory } from './write-assembly.ts';

const url = 'http://127.0.0.1:4566/_local/issuer';
const portal = 'http://127.0.0.1:4567';
const verifier = 'v'.repeat(64);
const challenge = createHash('sha256').update(verifier).digest('base64url');
const asked = {
  response_type: 'code',
  client_id: 'portal',
  redirect_uri: `${portal}/signed-in`,
  state: 'where-i-was',
  nonce: 'once',
  code_challenge: challenge,
  code_challenge_method: 'S256',
};
let issuer: Issuer;
let signIn: (request: HttpRequest) => HttpResponse | Promise<HttpResponse> | undefined;

beforeAll(async () => {
  issuer = await createIssuer({ keyFile: path.join(temporaryDirectory(), 'key.json'), url, clientId: 'portal' });
  const client = { callbackUrls: [`${portal}/signed-in`], logoutUrls: [`${portal}/`] };
  signIn = createSignIn({ issuer, clients: new Map([['portal', client]]) });
});

async function send(method: string, page: string, fields: Readonly<Record<string, string>>): Promise<HttpResponse> {
  const text = new URLSearchParams(fields).toString();
  const [query, body] = method === 'GET' ? [text, ''] : ['', text];
  const address = `/_local/issuer/${page}`;
  const request = { method, path: address, query, headers: {}, body: Buffer.from(body), sourceIp: '127.0.0.1' };
  const response = await signIn(request);
  if (response === undefined) throw new Error(`nothing answers ${method} ${address}`);
  return response;
}

async function codeFor(person: Readonly<Record<string, string>>): Promise<string> {
  const { headers } = await send('POST', 'authorize', { ...asked, ...person });
  return new URL(String(headers?.location)).searchParams.get('code') ?? '';
}

const exchange = (code: string, change: Readonly<Record<string, string>> = {}) =>
  send('POST', 'token', {
    grant_type: 'authorization_code',
    client_id: 'portal',
    code,
    redirect_uri: asked.redirect_uri,
    code_verifier: verifier,
    ...change,
  });

describe('signing in', () => {
  test('asks who one is, returns with a code, and gives tokens of that person for it', async () => {
    const page = await send('GET', 'authorize', asked);
    expect(page).toMatchObject({ status: 200, headers: { 'x-frame-options': 'DENY' } });
    expect(page.body).toContain('Who are you?');
    const back = await send('POST', 'authorize', { ...asked, name: 'eddie', groups: 'editor:flights  viewer' });
    expect(back.status).toBe(303);
    const target = new URL(String(back.headers?.location));
    expect(target.origin + target.pathname).toBe(asked.redirect_uri);
    expect(target.searchParams.get('state')).toBe('where-i-was');
    const answer = await exchange(target.searchParams.get('code') ?? '');
    const tokens = JSON.parse(String(answer.body)) as Record<string, string>;
    expect(await issuer.verify(tokens.access_token ?? '')).toMatchObject({
      sub: 'eddie',
      client_id: 'portal',
      'cognito:groups': ['editor:flights', 'viewer'],
    });
    expect(await issuer.verify(tokens.id_token ?? '')).toMatchObject({ sub: 'eddie', aud: 'portal', nonce: 'once' });
  });

  test('takes a code once', async () => {
    const code = await codeFor({ name: 'ada', groups: 'admin' });
    expect((await exchange(code)).status).toBe(200);
    expect((await exchange(code)).status).toBe(400);
  });

  test.each([
    ['another verifier', { code_verifier: 'w'.repeat(64) }],
    ['another callback', { redirect_uri: `${portal}/elsewhere` }],
    ['another client', { client_id: 'stranger' }],
    ['another grant', { grant_type: 'refresh_token' }],
  ])('gives nothing to %s', async (_, change) => {
    const code = await codeFor({ name: 'ada', groups: 'admin' });
    expect((await exchange(code, change)).status).toBe(400);
  });

  test.each([
    ['a client that is not in the template', { client_id: 'stranger' }],
    ['a callback that is not in the template', { redirect_uri: 'https://evil.example/signed-in' }],
    ['a code without a challenge', { code_challenge_method: 'plain' }],
  ])('sends nobody away for %s', async (_, change) => {
    for (const method of ['GET', 'POST'])
      expect(await send(method, 'authorize', { ...asked, name: 'ada', groups: '', ...change })).toMatchObject({
        status: 400,
        body: expect.stringContaining('Cannot sign in'),
      });
  });

  test('shows what it is given as text, and asks again for a name that is none', async () => {
    const odd = { ...asked, state: '"><script>alert(1)</script>' };
    expect((await send('GET', 'authorize', odd)).body).not.toContain('<script>');
    const again = await send('POST', 'authorize', { ...asked, name: 'a b', groups: 'viewer' });
    expect(again).toMatchObject({ status: 400, body: expect.stringContaining('a name has up to 64 letters') });
  });

  test('leaves to the addresses of the template only', async () => {
    const leave = (target: string) => send('GET', 'logout', { client_id: 'portal', logout_uri: target });
    expect(await leave(`${portal}/`)).toMatchObject({ status: 303, headers: { location: `${portal}/` } });
    expect((await leave('https://evil.example/')).status).toBe(400);
  });
});
