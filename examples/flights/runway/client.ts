import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** Runway over HTTP, as any customer sees it. Answers are parsed with the caller's schema. */
export type RunwayClient = {
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
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
  const base = apiUrl.replace(/\/$/, '');

  async function request(method: string, path: string, body: unknown, headers: Headers): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const answer = await send(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (answer.ok) return answer.text === '' ? undefined : JSON.parse(answer.text);
      if (attempt === attempts || !isPassing(answer.status))
        throw new RunwayProblem(answer.status, `${method} ${path}: ${answer.status} ${describe(answer.text)}`);
      await sleep(100 * 2 ** attempt);
    }
  }

  return {
    get: async (path, schema) => schema.parse(await request('GET', path, undefined, {})),
    send: async (method, path, body, schema, headers = {}) => schema.parse(await request(method, path, body, headers)),
  };
}

type Answer = { readonly ok: boolean; readonly status: number; readonly text: string };

/** A connection that broke (status 0) is like an answer that asks to try again: every request here can be repeated. */
async function send(url: string, request: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, request);
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (error) {
    return { ok: false, status: 0, text: String(error instanceof Error ? (error.cause ?? error) : error) };
  }
}

/** Another writer was quicker, we were too fast, or something is down for a moment. */
function isPassing(status: number): boolean {
  return status === 0 || status === 409 || status === 429 || status >= 500;
}

function describe(text: string): string {
  try {
    const { title, detail, errors = [] } = problemSchema.parse(JSON.parse(text));
    return [title, detail, ...errors.map(({ field, reason }) => `${field}: ${reason}`)].filter(Boolean).join('; ');
  } catch {
    return text.slice(0, 300);
  }
}
