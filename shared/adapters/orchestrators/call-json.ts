import { dependencyUnavailable } from '../dependency-error.ts';

export type CallLimits = {
  /** Of the whole exchange. @default 10,000 */
  readonly timeoutMilliseconds?: number | undefined;
  /** Of an answer. @default 4,000,000 */
  readonly maximumBytes?: number | undefined;
};

export type JsonCall = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What a success carries; a body that nobody reads may be anything. @default 'json' */
  readonly answer?: 'json' | 'anything';
};

/** Either a success or a refusal (4xx); `body` is undefined when it is no JSON. */
export type JsonAnswer = { readonly ok: boolean; readonly status: number; readonly body: unknown };

export type JsonCaller = (call: JsonCall) => Promise<JsonAnswer>;

/** Nobody's request is at fault: credentials that are not accepted (any more), too many calls, a server in trouble. */
const unavailableStatuses: ReadonlySet<number> = new Set([401, 403, 407, 408, 425, 429]);

/**
 * Calls `service` over HTTP. Throws `DependencyUnavailable` when there is no answer in time, when it is cut off, too
 * large, a redirect (credentials would follow it), a failure of the server or of the credentials, or a success that is
 * no JSON. The content type of the answer is not looked at: Metaflow's service says `text/plain`.
 */
export function createJsonCaller(
  service: string,
  { timeoutMilliseconds = 10_000, maximumBytes = 4_000_000 }: CallLimits = {},
): JsonCaller {
  return async ({ method, url, headers = {}, body, answer = 'json' }) => {
    const init: RequestInit = {
      method,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMilliseconds),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    };
    const { status, text } = await exchange(service, url, init, maximumBytes);
    const refused = status >= 400 && status < 500 && !unavailableStatuses.has(status);
    if (!refused && (status < 200 || status >= 300))
      throw dependencyUnavailable(service, new Error(`status ${status}`));
    const json = parsed(text);
    if (!refused && json === undefined && answer === 'json')
      throw dependencyUnavailable(service, new Error(`status ${status} with a body that is no JSON`));
    return { ok: !refused, status, body: json };
  };
}

async function exchange(
  service: string,
  url: URL,
  init: RequestInit,
  maximumBytes: number,
): Promise<{ readonly status: number; readonly text: string }> {
  try {
    const response = await fetch(url, init);
    return { status: response.status, text: await readText(response, maximumBytes) };
  } catch (error) {
    throw dependencyUnavailable(service, error);
  }
}

async function readText({ body }: Response, maximumBytes: number): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    // Leaving the loop closes the connection.
    if (bytes > maximumBytes) throw new Error(`an answer of more than ${maximumBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
