import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export type Received = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Name that the client asked for in TLS; false without one. */
  readonly servername: string | false;
};
/** What it answers; `hang` answers nothing. */
export type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly bytes?: number }
  | 'hang';

/** A server on this machine that keeps what it receives. */
export async function startReceiver(options: ServerOptions, reply: () => Reply = () => ({ status: 200 })) {
  const received: Received[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer(options, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { servername } = request.socket as typeof request.socket & { readonly servername?: string | false };
      received.push({
        path: request.url ?? '',
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
        servername: servername ?? false,
      });
      const answer = reply();
      if (answer === 'hang') return;
      response.writeHead(answer.status, answer.headers);
      response.end(Buffer.alloc(answer.bytes ?? 0));
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port, received, connections: () => sockets.size, close };
}
