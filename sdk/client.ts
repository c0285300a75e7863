import createFetchClient, { type Client, type Middleware } from 'openapi-fetch';
import type { components, paths } from './openapi-types.ts';
import { type Fetch, type RetryOptions, retryingFetch } from './retrying-fetch.ts';

export type { paths };
export type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];
export type RunwayClient = Client<paths>;

export type RunwayClientOptions = {
  /** Address of the API without `/v1`, e.g. the `ApiUrl` output of the API's stack. */
  readonly baseUrl: string;
  /** The bearer token, asked for at each request, so that it can be renewed. @default none is sent */
  readonly token?: () => string | undefined | Promise<string | undefined>;
  /** Sent as `x-correlation-id`, so that Runway's logs and history show what the calls belong to. @default Runway makes one for each */
  readonly correlationId?: string;
  /** @default the global fetch */
  readonly fetch?: Fetch;
  /** `attempts: 1` never repeats. @default five attempts */
  readonly retry?: RetryOptions;
};

/**
 * A client whose paths, parameters, bodies and answers are typed by the OpenAPI document. Each POST carries an
 * `Idempotency-Key` of its own unless the caller gives one, so that a request can be sent again after a lost answer.
 *
 * @example
 * const runway = createRunwayClient({ baseUrl, token: () => token });
 * const model = await unwrap(runway.GET('/v1/models/{modelId}', { params: { path: { modelId } } }));
 */
export function createRunwayClient(options: RunwayClientOptions): RunwayClient {
  const { baseUrl, retry, fetch: fetchOnce = (request: Request) => fetch(request) } = options;
  const client = createFetchClient<paths>({ baseUrl, fetch: retryingFetch(fetchOnce, retry) });
  client.use(signedIn(options.token), correlated(options.correlationId), repeatable);
  return client;
}

function signedIn(token: RunwayClientOptions['token']): Middleware {
  return {
    async onRequest({ request }) {
      const value = await token?.();
      if (value !== undefined) request.headers.set('authorization', `Bearer ${value}`);
    },
  };
}

function correlated(correlationId: string | undefined): Middleware {
  return {
    onRequest({ request }) {
      if (correlationId !== undefined && !request.headers.has('x-correlation-id'))
        request.headers.set('x-correlation-id', correlationId);
    },
  };
}

const repeatable: Middleware = {
  onRequest({ request }) {
    if (request.method === 'POST' && !request.headers.has('idempotency-key')) {
      request.headers.set('idempotency-key', crypto.randomUUID());
    }
  },
};

/** An answer that is not a success. `problem` is undefined when the answer was no problem document (a gateway's, a proxy's). */
export class RunwayApiError extends Error {
  override readonly name = 'RunwayApiError';
  readonly status: number;
  readonly problem: Problem | undefined;

  constructor(response: Response, problem: Problem | undefined) {
    super(`${response.status} from ${response.url}: ${describe(problem) ?? response.statusText}`);
    this.status = response.status;
    this.problem = problem;
  }
}

function describe(problem: Problem | undefined): string | undefined {
  if (problem === undefined) return undefined;
  const { title, detail, errors = [] } = problem;
  return [title, detail, ...errors.map(({ field, reason }) => `${field}: ${reason}`)].filter(Boolean).join('; ');
}

type Answer<T> = { readonly data?: T; readonly error?: unknown; readonly response: Response };

/**
 * The body of a successful answer.
 *
 * @throws RunwayApiError for every other answer
 */
export async function unwrap<T>(pending: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await pending;
  if (!response.ok) throw new RunwayApiError(response, isProblem(error) ? error : undefined);
  // An answer without a body has the type undefined.
  return data as T;
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'type' in value && 'correlationId' in value;
}

type Page<T> = { readonly items: readonly T[]; readonly cursor?: string | undefined };

/** Every item of a list, page after page, asking for the next page only when it is reached. */
export async function* everyItem<T>(readPage: (cursor: string | undefined) => Promise<Page<T>>): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
