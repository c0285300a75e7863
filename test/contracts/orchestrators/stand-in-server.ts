import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Received = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
};
export type Answer = { readonly status: number; readonly body: unknown; readonly type?: string };

/** What goes wrong with one request; those that begin with `acts` happen after the server has done what it was asked. */
export type Fault =
  | 'answers 500'
  | 'answers 503'
  | 'answers 429'
  | 'answers 401'
  | 'redirects'
  | 'answers no JSON'
  | 'answers other JSON'
  | 'answers too much'
  | 'hangs'
  | 'drops the connection'
  | 'acts and hangs'
  | 'acts and drops the connection'
  | 'acts and is cut off'
  | 'acts and answers 502';

export type StandInServer = {
  readonly url: string;
  /** Everything received, oldest first. */
  readonly received: readonly Received[];
  /** Happens to the next requests, one each. */
  readonly faults: Fault[];
  readonly close: () => Promise<void>;
};

/** A server that behaves as `handle` says, unless a fault is due. */
export async function createStandInServer(handle: (request: Received) => Answer): Promise<StandInServer> {
  const received: Received[] = [];
  const due: Fault[] = [];
  const server = createServer((message, response) => {
    void (async () => {
      const { pathname, searchParams } = new URL(message.url ?? '/', 'http://stand-in');
      const raw = await text(message);
      const { method = 'GET', headers } = message;
      const request = {
        method,
        path: pathname,
        query: searchParams,
        headers,
        body: raw === '' ? undefined : JSON.parse(raw),
      };
      received.push(request);
      const fault = due.shift();
      if (fault === undefined) send(response, handle(request));
      else misbehaviours[fault](response, () => handle(request));
    })();
  });
  // On a busy machine a kept connection would otherwise end just when it is used again.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    faults: due,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, { status, body, type = 'application/json' }: Answer): void {
  response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
}

const misbehaviours: Readonly<Record<Fault, (response: ServerResponse, act: () => Answer) => void>> = {
  'answers 500': (response) =>
    send(response, { status: 500, body: { status: 'INTERNAL_ERROR', message: 'database is down' } }),
  'answers 503': (response) => send(response, { status: 503, body: '<html>no upstream</html>', type: 'text/html' }),
  'answers 429': (response) => send(response, { status: 429, body: { message: 'slow down' } }),
  'answers 401': (response) => send(response, { status: 401, body: { message: 'token expired' } }),
  redirects: (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
  'answers no JSON': (response) => send(response, { status: 200, body: '<html>welcome</html>', type: 'text/html' }),
  'answers other JSON': (response) => send(response, { status: 200, body: { hello: 'world' } }),
  'answers too much': (response) => send(response, { status: 200, body: `"${'x'.repeat(300_000)}"` }),
  hangs: () => {},
  'drops the connection': (response) => response.socket?.destroy(),
  'acts and hangs': (_, act) => act(),
  'acts and drops the connection': (response, act) => {
    act();
    response.socket?.destroy();
  },
  'acts and is cut off': (response, act) => {
    const whole = JSON.stringify(act().body);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length + 10 });
    response.write(whole.slice(0, Math.ceil(whole.length / 2)), () => response.socket?.destroy());
  },
  'acts and answers 502': (response, act) => {
    act();
    send(response, { status: 502, body: { message: 'bad gateway' } });
  },
};

export const faults = Object.keys(misbehaviours) as readonly Fault[];
