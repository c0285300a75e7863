import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';

export type Incoming = IncomingMessage | Http2ServerRequest;
export type Outgoing = ServerResponse | Http2ServerResponse;
export type Listener = (request: Incoming, response: Outgoing) => void;

export interface BothVersionsServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Until this is called, requests are answered with 503. */
  serve(listener: Listener): void;
  /** Drops connections that are still open. */
  close(): Promise<void>;
}

/**
 * Listens on this machine only, for HTTP/1 and for HTTP/2 without TLS from the first byte, as the SDK's Kinesis client
 * speaks it. Throws an Error naming a port that is in use.
 */
export async function listenBothVersions(port: number): Promise<BothVersionsServer> {
  let listener: Listener = (_request, response) => {
    response.statusCode = 503;
    response.end();
  };
  const http1 = createHttpServer((request, response) => listener(request, response));
  // Longer than clients keep idle connections, so that none is dropped while a request is on its way.
  http1.keepAliveTimeout = 75_000;
  const http2 = createHttp2Server((request, response) => listener(request, response));
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)).on('error', () => socket.destroy()));
    socket.setNoDelay(true);
    socket.once('readable', () => {
      const start: Buffer | null = socket.read();
      if (start === null) return;
      socket.unshift(start);
      (start.subarray(0, 3).toString('latin1') === 'PRI' ? http2 : http1).emit('connection', socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} is in use`, { cause: error }) : error),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve(next) {
      listener = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
