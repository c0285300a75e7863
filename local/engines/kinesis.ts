import { mkdirSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import kinesalite from 'kinesalite';
import type { Engine } from './engine.ts';

export interface KinesisEngine extends Engine {
  /** Grows with every put request that was answered, so that a consumer need not poll an idle stream. */
  puts(): number;
  /** Calls back after every put request that was answered. */
  onPut(listener: () => void): void;
}

/** Starts Kinesis (kinesalite, in process) on LevelDB in `dataDir`. Streams are active at once. */
export async function startKinesis(options: { readonly dataDir: string }): Promise<KinesisEngine> {
  const path = join(options.dataDir, 'kinesis');
  mkdirSync(path, { recursive: true });
  const engine = kinesalite({ path, createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: 1000 });
  const listeners: (() => void)[] = [];
  let puts = 0;

  const watch = (request: IncomingMessage | Http2ServerRequest, response: NodeJS.EventEmitter) => {
    if (!request.headers['x-amz-target']?.includes('.PutRecord')) return;
    response.once('finish', () => {
      puts++;
      for (const listener of listeners) listener();
    });
  };
  const http1 = createHttpServer((request, response) => {
    watch(request, response);
    engine.emit('request', request, response);
  });
  const http2 = createHttp2Server((request, response) => {
    watch(request, response);
    engine.emit('request', request, response);
  });

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)).on('error', () => socket.destroy()));
    // The SDK's Kinesis client speaks HTTP/2 without TLS from the first byte; everyone else speaks HTTP/1.
    socket.once('readable', () => {
      const start: Buffer | null = socket.read();
      if (start === null) return;
      socket.unshift(start);
      (start.subarray(0, 3).toString('latin1') === 'PRI' ? http2 : http1).emit('connection', socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    puts: () => puts,
    onPut: (listener) => void listeners.push(listener),
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      // kinesalite closes LevelDB when its own server closes, which never listened: the error says only that.
      await new Promise((resolve) => engine.close(resolve));
    },
  };
}
