import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type HttpRequest = {
  readonly method: string;
  /** As sent, percent-encoded, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  /** Names in lower case; repeated headers joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly sourceIp: string;
};

export type HttpResponse = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
};

export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

export interface HttpServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Until this is called, requests are answered with 503. */
  serve(handler: HttpHandler): void;
  /** Drops connections that are still open. */
  close(): Promise<void>;
}

/** API Gateway takes no more than this; queues and workflows take less. */
const maximumBodyBytes = 10 * 1024 * 1024;

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** Listens on this machine only. Port 0 takes any free one. Throws an Error naming a port that is in use. */
export async function listen(port: number, log: (message: string) => void): Promise<HttpServer> {
  let handler: HttpHandler = async () => json(503, { message: 'Service Unavailable' });

  async function answer(incoming: IncomingMessage): Promise<HttpResponse> {
    const request = await read(incoming);
    if (request === undefined) return json(413, { message: 'Request Entity Too Large' }, { connection: 'close' });
    return handler(request);
  }

  const server = createServer(async (incoming, outgoing) => {
    try {
      send(outgoing, await answer(incoming));
    } catch (error) {
      if (incoming.errored || outgoing.destroyed) return;
      log(`${incoming.method} ${incoming.url} failed: ${error instanceof Error ? error.stack : error}`);
      send(outgoing, json(500, { message: 'Internal Server Error' }));
    }
  });
  // Longer than clients keep idle connections, so that none is dropped while a request is on its way.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} is in use`, { cause: error }) : error),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(next) {
      handler = next;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Undefined when the body is larger than allowed. */
async function read(incoming: IncomingMessage): Promise<HttpRequest | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maximumBodyBytes) return undefined;
    chunks.push(chunk);
  }
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const headers = Object.entries(incoming.headersDistinct).map(([name, values = []]) => [name, values.join(',')]);
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}

function send(outgoing: ServerResponse, { status, headers = {}, body = '' }: HttpResponse): void {
  for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value as string | string[]);
  outgoing.writeHead(status).end(body);
}
