import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { type HttpRequest, type HttpResponse, json } from './server.ts';

export type TokenClaims = { readonly sub: string; readonly groups: readonly string[] };

/** Stands for the user pool: signs what Cognito would sign, for whoever asks. */
export interface Issuer {
  /** Value of `iss`; `<url>/.well-known/openid-configuration` describes the rest. */
  readonly url: string;
  /** An access token for the template's client. @param lifetimeSeconds default 12 hours; negative has expired */
  token(claims: TokenClaims, lifetimeSeconds?: number): Promise<string>;
  /** What a person's browser learns of who signed in. `nonce` is the request's. */
  idToken(claims: TokenClaims, nonce: string | undefined): Promise<string>;
  /** Of a token, unless its maker says otherwise. */
  readonly lifetimeSeconds: number;
  /** The claims of a token that this issuer signed and that has not expired. Throws jose's errors. */
  verify(token: string): Promise<JWTPayload>;
  /** Answers below the issuer's path; undefined for a path that is none of its own. */
  handle(request: HttpRequest): HttpResponse | undefined;
}

// API Gateway verifies RSA signatures only.
const algorithm = 'RS256';
/** Cognito's last an hour and are renewed; nobody wants to sign in twice a day here. */
const twelveHours = 12 * 3600;

/** The key is made once and kept in `keyFile`, so that tokens outlive a restart on the same port. */
export async function createIssuer(options: {
  readonly keyFile: string;
  readonly url: string;
  /** Id of the user pool's client. */
  readonly clientId: string;
}): Promise<Issuer> {
  const { url, clientId } = options;
  const secret = await readOrCreateKey(options.keyFile);
  const privateKey = await importJWK(secret, algorithm);
  const shared: JWK = {
    kty: 'RSA',
    n: secret.n ?? '',
    e: secret.e ?? '',
    kid: secret.kid ?? '',
    alg: algorithm,
    use: 'sig',
  };
  const publicKey = await importJWK(shared, algorithm);
  const documents: Readonly<Record<string, unknown>> = {
    '/.well-known/openid-configuration': {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      end_session_endpoint: `${url}/logout`,
      jwks_uri: `${url}/.well-known/jwks.json`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [algorithm],
    },
    '/.well-known/jwks.json': { keys: [shared] },
  };
  function sign(sub: string, lifetimeSeconds: number, claims: JWTPayload): Promise<string> {
    // Tokens are about people's real time, whatever the virtual clock says.
    const issuedAt = Math.floor(Date.now() / 1000) + Math.min(0, lifetimeSeconds);
    return new SignJWT({ ...claims, auth_time: issuedAt })
      .setProtectedHeader({ alg: algorithm, kid: shared.kid ?? '' })
      .setSubject(sub)
      .setIssuer(url)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + Math.abs(lifetimeSeconds))
      .sign(privateKey);
  }
  return {
    url,
    lifetimeSeconds: twelveHours,
    token({ sub, groups }, lifetimeSeconds = twelveHours) {
      const access = { client_id: clientId, token_use: 'access', scope: 'openid', username: sub };
      return sign(sub, lifetimeSeconds, { ...access, 'cognito:groups': groups });
    },
    idToken({ sub, groups }, nonce) {
      const identity = { aud: clientId, token_use: 'id', 'cognito:username': sub, 'cognito:groups': groups };
      return sign(sub, twelveHours, { ...identity, ...(nonce !== undefined && { nonce }) });
    },
    async verify(token) {
      const settings = { issuer: url, algorithms: [algorithm], requiredClaims: ['exp'] };
      return (await jwtVerify(token, publicKey, settings)).payload;
    },
    handle({ path: requested }) {
      const document = documents[requested.replace(new URL(url).pathname, '')];
      return document === undefined ? undefined : json(200, document, { 'access-control-allow-origin': '*' });
    },
  };
}

async function readOrCreateKey(file: string): Promise<JWK> {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const key: JWK = { ...(await exportJWK(privateKey)), kid: randomUUID() };
  mkdirSync(path.dirname(file), { recursive: true });
  // A kill in the middle must not leave half a key.
  writeFileSync(`${file}.new`, JSON.stringify(key), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return key;
}
