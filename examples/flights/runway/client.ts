import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** Runway over HTTP, as any customer sees it. Answers are parsed with the caller's schema. */
export type RunwayClient = {
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  /** `undefined` when there is no such thing. */
  find<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined>;
  send<T>(method: 'POST' | 'PUT', path: string, body: unknown, schema: z.ZodType<T>, headers?: Headers): Promise<T>;
};

type Headers = Readonly<Record<string, string>>;

/** A request that Runway refused: its problem document as an error. */
export class RunwayProblem extends Error {
  override readonly name = 'RunwayProblem';
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

const problemSchema = z.object({
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), reason: z.string() })).optional(),
});

const attempts = 5;

export function createRunwayClient(apiUrl: string, token: string): RunwayClient {
  async function request(method: string, path: string, body: unknown, headers: Headers): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`${apiUrl.replace(/\/$/, '')}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.ok) return text === '' ? undefined : JSON.parse(text);
      if (attempt === attempts || !isPassing(response.status))
        throw new RunwayProblem(response.status, `${method} ${path}: ${response.status} ${describe(text)}`);
      await sleep(100 * 2 ** attempt);
    }
  }

  return {
    get: async (path, schema) => schema.parse(await request('GET', path, undefined, {})),
    find: async (path, schema) => {
      try {
        return schema.parse(await request('GET', path, undefined, {}));
      } catch (error) {
        if (error instanceof RunwayProblem && error.status === 404) return undefined;
        throw error;
      }
    },
    send: async (method, path, body, schema, headers = {}) => schema.parse(await request(method, path, body, headers)),
  };
}

/** Another writer was quicker, we were too fast, or something is down for a moment. */
function isPassing(status: number): boolean {
  return status === 409 || status === 429 || status >= 500;
}

function describe(text: string): string {
  try {
    const { title, detail, errors = [] } = problemSchema.parse(JSON.parse(text));
    return [title, detail, ...errors.map(({ field, reason }) => `${field}: ${reason}`)].filter(Boolean).join('; ');
  } catch {
    return text.slice(0, 300);
  }
}
