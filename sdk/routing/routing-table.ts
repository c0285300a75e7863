import { parseRouting, type Routing } from './parse-routing.ts';
import { isSignedByOneOf } from './verify-signature.ts';

export type RoutingTableOptions = {
  /** Where Runway publishes, e.g. `https://models.example.com`. */
  readonly url: string;
  /** Keys of which one must have signed the table (PEM, ECDSA over SHA-256). @default whatever comes over TLS is taken */
  readonly publicKeys?: readonly string[];
  /** Between two requests where the answer names no time. @default 5,000 */
  readonly ttlMilliseconds?: number;
  /** Of one request. @default 2,000 */
  readonly timeoutMilliseconds?: number;
  /** Hears why the last good table is still used. @default nobody */
  readonly onProblem?: (modelId: string, problem: Error) => void;
  /** @default the global one */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds of a clock that never goes back. @default `performance.now` */
  readonly clock?: () => number;
};

type Held = { readonly routing: Routing; readonly etag: string | undefined };
type Entry = { held?: Held; until: number; asking?: Promise<void> };

/**
 * What a serving system asks which version serves. A table is asked for once in its time to live, with its ETag, however
 * many requests need it. Whatever goes wrong (no answer, a signature that does not fit, weights that do not sum to 100, a
 * generation older than the one in hand), the last good table is served on: serving never waits for Runway. Throws only
 * while there has never been a good one.
 */
export function createRoutingTable(options: RoutingTableOptions): (modelId: string) => Promise<Routing> {
  const { clock = () => performance.now() } = options;
  const entries = new Map<string, Entry>();
  return async (modelId) => {
    const entry = entries.get(modelId) ?? { until: Number.NEGATIVE_INFINITY };
    entries.set(modelId, entry);
    if (clock() >= entry.until) {
      entry.asking ??= refresh(options, modelId, entry).finally(() => delete entry.asking);
      await entry.asking;
    }
    if (entry.held === undefined) throw new Error(`there is no routing table of ${modelId} yet`);
    return entry.held.routing;
  };
}

async function refresh(options: RoutingTableOptions, modelId: string, entry: Entry): Promise<void> {
  const { clock = () => performance.now(), ttlMilliseconds = 5_000, onProblem } = options;
  let ttl = ttlMilliseconds;
  try {
    const answer = await ask(options, modelId, entry.held);
    entry.held = answer.held;
    ttl = answer.maxAgeMilliseconds ?? ttl;
  } catch (error) {
    const problem = error instanceof Error ? error : new Error(String(error));
    onProblem?.(modelId, problem);
    if (entry.held === undefined) throw problem;
  }
  // Also after a failure, so that a server in trouble is not asked for every prediction.
  entry.until = clock() + ttl;
}

async function ask(
  { url, publicKeys, timeoutMilliseconds = 2_000, fetch: get = fetch }: RoutingTableOptions,
  modelId: string,
  held: Held | undefined,
): Promise<{ readonly held: Held; readonly maxAgeMilliseconds?: number }> {
  const response = await get(`${url.replace(/\/$/, '')}/routing/${encodeURIComponent(modelId)}.json`, {
    headers: held?.etag === undefined ? {} : { 'if-none-match': held.etag },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMilliseconds),
  });
  const age = maxAgeOf(response);
  if (response.status === 304 && held !== undefined) return { held, ...age };
  if (!response.ok) throw new Error(`the routing table of ${modelId} answers ${response.status}, expected 200`);
  const body = new Uint8Array(await response.arrayBuffer());
  if (publicKeys !== undefined) await expectSigned(publicKeys, body, response.headers.get('x-amz-meta-signature'));
  const routing = parseRouting(modelId, new TextDecoder().decode(body));
  if (held !== undefined && routing.generation < held.routing.generation)
    throw new Error(`generation ${routing.generation} of ${modelId}, expected ${held.routing.generation} or newer`);
  return { held: { routing, etag: response.headers.get('etag') ?? undefined }, ...age };
}

async function expectSigned(
  publicKeys: readonly string[],
  body: Uint8Array<ArrayBuffer>,
  signature: string | null,
): Promise<void> {
  if (signature === null) throw new Error('the routing table has no signature, expected x-amz-meta-signature');
  if (!(await isSignedByOneOf(publicKeys, body, signature)))
    throw new Error('the signature of the routing table is of none of the keys');
}

function maxAgeOf(response: Response): { readonly maxAgeMilliseconds?: number } {
  const [, seconds] = /\bmax-age=(\d{1,9})\b/.exec(response.headers.get('cache-control') ?? '') ?? [];
  return seconds === undefined ? {} : { maxAgeMilliseconds: Number(seconds) * 1_000 };
}
