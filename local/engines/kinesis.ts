import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import kinesalite from 'kinesalite';
import type { Engine } from './engine.ts';
import { createJsonClient } from './json-client.ts';

export interface KinesisEngine extends Engine {
  /** Grows with every put request that was answered, so that a consumer need not poll an idle stream. */
  puts(): number;
  /** Resolves when the stream takes records; creates it when it is missing. */
  ensureStream(name: string, shardCount: number): Promise<void>;
}

/** Starts Kinesis (kinesalite, in process) on LevelDB in `dataDir`. Streams are active at once. */
export async function startKinesis(options: { readonly dataDir: string }): Promise<KinesisEngine> {
  const path = join(options.dataDir, 'kinesis');
  mkdirSync(path, { recursive: true });
  const engine = kinesalite({ path, createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: 1000 });
  const answers = new Set<Promise<unknown>>();
  let puts = 0;

  const serve = (request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse) => {
    const answer: Promise<unknown> = once(response, 'close').then(() => answers.delete(answer));
    answers.add(answer);
    if (request.headers['x-amz-target']?.includes('.PutRecord')) response.once('finish', () => puts++);
    engine.emit('request', request, response);
  };
  const http1 = createHttpServer(serve);
  const http2 = createHttp2Server(serve);

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
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    puts: () => puts,
    ensureStream: (name, shardCount) => ensureStream(endpoint, name, shardCount),
    async stop() {
      // LevelDB crashes the process when it is used after it was closed.
      await Promise.all(answers);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      // kinesalite closes LevelDB when its own server closes, which never listened: the error says only that.
      await new Promise((resolve) => engine.close(resolve));
    },
  };
}

async function ensureStream(endpoint: string, StreamName: string, ShardCount: number): Promise<void> {
  const call = createJsonClient(endpoint, 'Kinesis_20131202', 'application/x-amz-json-1.1');
  async function status(): Promise<string> {
    try {
      const output = await call('DescribeStreamSummary', { StreamName });
      return (output.StreamDescriptionSummary as { readonly StreamStatus: string }).StreamStatus;
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return 'MISSING';
      throw error;
    }
  }
  async function until(wanted: string): Promise<void> {
    while ((await status()) !== wanted) await delay(1);
  }
  // A kill in the middle of the creation leaves a stream that never becomes active; it cannot hold records yet.
  if ((await status()) === 'CREATING') {
    await call('DeleteStream', { StreamName });
    await until('MISSING');
  }
  if ((await status()) === 'MISSING') await call('CreateStream', { StreamName, ShardCount });
  await until('ACTIVE');
}
