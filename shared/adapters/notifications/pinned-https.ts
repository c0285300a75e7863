import { type RequestOptions, request } from 'node:https';
import { isIP } from 'node:net';
import { type ResolvedTarget, type Resolver, resolveTarget, type TestOrigins } from './resolve-target.ts';

export type PinnedHttpsOptions = {
  readonly resolver: Resolver;
  readonly testOrigins?: TestOrigins;
  /** Of the whole exchange, resolving included. @default 10,000 */
  readonly timeoutMilliseconds?: number;
  /** Of an answer; what is longer is cut off. @default 16,384 */
  readonly maximumBytes?: number;
  /** Certificate authority, PEM. @default those that Node knows */
  readonly ca?: string;
};

export type PinnedPost = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Resolves to the status of the answer, whatever it is: a redirect is an answer, and nobody goes where it points. */
export type PostPinned = (post: PinnedPost) => Promise<number>;

/**
 * Posts over HTTPS to public addresses only. The name is resolved once, and the connection is made to the address that
 * was checked, with the name in TLS and `host`: no second resolution can say anything else (DNS rebinding). Throws
 * `TargetRefused`; and an Error when there is no answer in time.
 */
export function createPinnedHttps(options: PinnedHttpsOptions): PostPinned {
  const { resolver, testOrigins, timeoutMilliseconds = 10_000, maximumBytes = 16_384, ca } = options;
  return async (post) => {
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    const target = await orAborted(resolveTarget(post.url, resolver, testOrigins), signal);
    return exchange(
      { ...requestOptions(target, post), signal, ...(ca !== undefined && { ca }) },
      post.body,
      maximumBytes,
    );
  };
}

function exchange(options: RequestOptions, body: string, maximumBytes: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const call = request(options, (response) => {
    let bytes = 0;
    const done = () => resolve(response.statusCode ?? 0);
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maximumBytes) return;
      done();
      call.destroy();
    });
    response.once('end', done);
    response.once('error', reject);
  });
  call.once('error', reject);
  call.end(body);
  return promise;
}

function requestOptions({ host, address, port }: ResolvedTarget, post: PinnedPost): RequestOptions {
  const { url, headers, body } = post;
  return {
    method: 'POST',
    // An address, so that nothing is looked up any more.
    host: address,
    port,
    path: `${url.pathname}${url.search}`,
    // An address has no name in TLS; its certificate is then checked against the address itself.
    servername: isIP(host) === 0 ? host : '',
    headers: {
      ...headers,
      host: url.host,
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    },
    // A connection of its own: none is shared with another name.
    agent: false,
  };
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}
