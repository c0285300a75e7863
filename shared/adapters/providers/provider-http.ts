import { request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Instant } from '../../domain/time.ts';
import { toMillis } from '../../domain/time.ts';
import type { Secret } from '../../ports/secret.ts';
import { dependencyUnavailable } from '../dependency-error.ts';
import { type Resolver, resolveTarget, type TestOrigins } from '../notifications/resolve-target.ts';
import { credentialHeaders } from '../orchestrators/credential-headers.ts';
import type { Pace } from './pace.ts';

export type ProviderHttpOptions = {
  /** Named in errors. */
  readonly provider: string;
  readonly baseUrl: string;
  readonly secret?: Secret | undefined;
  readonly timeoutMilliseconds: number;
  /** How long an answer is taken for current by who does not ask for a fresh one. @default 0 */
  readonly cacheSeconds?: number;
  /** Of an answer. @default 8,000,000 */
  readonly maximumBytes?: number;
  /** At most so many calls in a second. */
  readonly pace: Pace;
  readonly reach: Reach;
};

/** Where providers may be. */
export type Reach = {
  readonly resolver: Resolver;
  readonly testOrigins?: TestOrigins;
  /** Origins that the stage's settings name, e.g. `http://metadata.internal:8080`: they may be private, and need no TLS. */
  readonly privateOrigins: ReadonlySet<string>;
};

export type ProviderAnswer = {
  /** Undefined: there is no such thing (404, 410). */
  readonly body: unknown;
  readonly isFound: boolean;
  readonly headers: Readonly<Record<string, string | undefined>>;
};

export type GetRequest = { readonly now: Instant; readonly fresh: boolean };

/** Reads `path`, or an address of the same origin. Throws `DependencyUnavailable` for whatever is no answer in JSON. */
export type ProviderHttp = (path: string, request: GetRequest) => Promise<ProviderAnswer>;

type Exchange = { readonly status: number; readonly text: string; readonly headers: ProviderAnswer['headers'] };

const attempts = 3;
const cachedAnswers = 500;
/** In trouble, or asked too often: it may answer if asked again. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

export function createProviderHttp(options: ProviderHttpOptions): ProviderHttp {
  const { provider, cacheSeconds = 0 } = options;
  const base = new URL(options.baseUrl);
  const root = base.pathname.replace(/\/+$/, '');
  const cache = new Map<string, { readonly until: number; readonly answer: ProviderAnswer }>();
  return async (path, { now, fresh }) => {
    const url = urlOf(base, root, path);
    const key = url.href;
    const known = cache.get(key);
    if (!fresh && known !== undefined && toMillis(now) < known.until) return known.answer;
    const answer = answerIn(provider, await exchangeWithRetries(options, url));
    cache.delete(key);
    if (cacheSeconds > 0) cache.set(key, { until: toMillis(now) + cacheSeconds * 1_000, answer });
    const [oldest] = cache.keys();
    if (cache.size > cachedAnswers && oldest !== undefined) cache.delete(oldest);
    return answer;
  };
}

// Credentials go with every request, so that nothing but the provider's own origin is asked.
function urlOf(base: URL, root: string, path: string): URL {
  const url = path.startsWith('/') && !path.startsWith('//') ? new URL(root + path, base) : new URL(path, base);
  if (url.origin !== base.origin) throw dependencyUnavailable('the provider', new Error(`a page at ${url.origin}`));
  return url;
}

function answerIn(provider: string, { status, text, headers }: Exchange): ProviderAnswer {
  if (status === 404 || status === 410) return { isFound: false, body: undefined, headers };
  if (status < 200 || status >= 300) throw dependencyUnavailable(provider, new Error(`status ${status}`));
  try {
    // The content type is not looked at: Metaflow's service says `text/plain`.
    return { isFound: true, body: JSON.parse(text), headers };
  } catch {
    throw dependencyUnavailable(provider, new Error(`status ${status} with a body that is no JSON`));
  }
}

async function exchangeWithRetries(options: ProviderHttpOptions, url: URL): Promise<Exchange> {
  for (let attempt = 1; ; attempt += 1) {
    await options.pace.take();
    try {
      const answer = await exchange(options, url);
      if (attempt === attempts || !passing.has(answer.status)) return answer;
    } catch (error) {
      if (attempt === attempts) throw dependencyUnavailable(options.provider, error);
    }
    await options.pace.backOff(attempt);
  }
}

async function exchange(options: ProviderHttpOptions, url: URL): Promise<Exchange> {
  const signal = AbortSignal.timeout(options.timeoutMilliseconds);
  const headers = { accept: 'application/json', 'user-agent': 'Runway', ...(await credentialHeaders(options.secret)) };
  const { promise, resolve, reject } = Promise.withResolvers<Exchange>();
  const { isSecure, ...target } = await targetOf(options.reach, url);
  const open = isSecure ? requestHttps : requestHttp;
  const call = open({ ...target, method: 'GET', signal, headers: { ...headers, host: url.host } }, (response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > (options.maximumBytes ?? 8_000_000))
        call.destroy(new Error(`an answer of more than ${options.maximumBytes ?? 8_000_000} bytes`));
    });
    response.once('error', reject);
    response.once('end', () => {
      const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
      const text = Buffer.concat(chunks).toString('utf8');
      resolve({ status: response.statusCode ?? 0, text, headers: Object.fromEntries(flat) });
    });
  });
  call.once('error', reject);
  call.end();
  return promise;
}

/** The connection is made to the address that was checked, so that no second resolution says anything else. */
async function targetOf(
  { resolver, testOrigins, privateOrigins }: Reach,
  url: URL,
): Promise<RequestOptions & { readonly isSecure: boolean }> {
  const path = `${url.pathname}${url.search}`;
  if (privateOrigins.has(url.origin)) {
    const isSecure = url.protocol === 'https:';
    return { isSecure, host: url.hostname, port: url.port === '' ? (isSecure ? 443 : 80) : url.port, path };
  }
  const { host, address, port } = await resolveTarget(url, resolver, testOrigins);
  return { isSecure: true, host: address, port, path, servername: isIP(host) === 0 ? host : '', agent: false };
}
