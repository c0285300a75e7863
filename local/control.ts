import * as z from 'zod';
import { type HttpRequest, type HttpResponse, json } from './http/server.ts';

export type ControlOptions = {
  token(
    claims: { readonly sub: string; readonly groups: readonly string[] },
    lifetimeSeconds?: number,
  ): Promise<string>;
  /** Milliseconds. Throws a TypeError on a wall clock. */
  advanceTo(time: number): Promise<void>;
  pump(): Promise<void>;
  status(): Promise<unknown>;
  /** Every alarm's state, how they came to it, and whom they told. */
  alarms(): unknown;
};

const tokenSchema = z.strictObject({
  sub: z.string().min(1),
  groups: z.array(z.string()).default([]),
  /** Negative for a token that has expired. */
  expiresInSeconds: z.int().optional(),
});
const clockSchema = z.strictObject({ advanceTo: z.iso.datetime() });

/**
 * What AWS has no API for, below `/_local/`: `POST token {sub, groups}`, `POST clock {advanceTo}`, `POST pump`,
 * `GET status`, `GET alarms`. Undefined for any other path.
 */
export function createControl(options: ControlOptions) {
  const operations: Readonly<Record<string, (body: unknown) => Promise<unknown>>> = {
    'POST /_local/token': async (body) => {
      const { sub, groups, expiresInSeconds } = tokenSchema.parse(body);
      return { token: await options.token({ sub, groups }, expiresInSeconds) };
    },
    'POST /_local/clock': async (body) => {
      await options.advanceTo(Date.parse(clockSchema.parse(body).advanceTo));
      return options.status();
    },
    'POST /_local/pump': async () => {
      await options.pump();
      return options.status();
    },
    'GET /_local/status': () => options.status(),
    'GET /_local/alarms': async () => options.alarms(),
  };

  return async (request: HttpRequest): Promise<HttpResponse | undefined> => {
    if (!request.path.startsWith('/_local/')) return undefined;
    if (!isFromHere(request)) return json(403, { message: 'only for this machine' });
    const operation = operations[`${request.method} ${request.path}`];
    if (operation === undefined) return json(404, { message: 'Not Found' });
    try {
      const body: unknown = request.body.length === 0 ? {} : JSON.parse(request.body.toString());
      return json(200, await operation(body));
    } catch (error) {
      if (error instanceof z.ZodError) return json(400, { message: z.prettifyError(error) });
      if (error instanceof SyntaxError || error instanceof TypeError) {
        return json(400, { message: error.message });
      }
      throw error;
    }
  };
}

/**
 * A web page that the developer has open can send requests here: under another host name that resolves to this machine
 * (DNS rebinding), or from its own origin.
 */
function isFromHere({ headers }: HttpRequest): boolean {
  const isLoopback = (host: string) => /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
  const origin = headers.origin;
  return isLoopback(headers.host ?? '') && (origin === undefined || isLoopback(origin.replace(/^https?:\/\//, '')));
}
