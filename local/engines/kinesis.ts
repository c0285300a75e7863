import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import kinesalite from 'kinesalite';
import { type Incoming, listenBothVersions, type Outgoing } from '../http/both-versions.ts';
import type { Engine } from './engine.ts';
import { createJsonClient } from './json-client.ts';

export interface KinesisEngine extends Engine {
  /** Grows with every put request that was answered, so that a consumer need not poll an idle stream. */
  puts(): number;
  /** Answers a request whose body has been read. */
  answer(request: Incoming, response: Outgoing, body: Buffer): void;
  /** Resolves when the stream takes records; creates it when it is missing. */
  ensureStream(name: string, shardCount: number): Promise<void>;
}

/** Starts Kinesis (kinesalite, in process) on LevelDB in `dataDir`. Streams are active at once. */
export async function startKinesis(options: { readonly dataDir: string }): Promise<KinesisEngine> {
  const path = join(options.dataDir, 'kinesis');
  mkdirSync(path, { recursive: true });
  const engine = kinesalite({ path, createStreamMs: 0, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: 1000 });
  const unanswered = new Set<Outgoing>();
  let puts = 0;

  function answer({ method, url, headers }: Incoming, response: Outgoing, body: Buffer): void {
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
    if (String(headers['x-amz-target']).includes('.PutRecord')) response.once('finish', () => puts++);
    engine.emit('request', Object.assign(Readable.from([body]), { method, url, headers }), response);
  }
  const server = await listenBothVersions(0);
  server.serve(async (request, response) => {
    const body = await bodyOf(request);
    if (body !== undefined) answer(request, response, body);
  });
  const endpoint = server.url;
  return {
    endpoint,
    answer,
    puts: () => puts,
    ensureStream: (name, shardCount) => ensureStream(endpoint, name, shardCount),
    async stop() {
      // LevelDB crashes the process when it is used after it was closed.
      while (unanswered.size > 0) await delay(1);
      await server.close();
      // kinesalite closes LevelDB when its own server closes, which never listened: the error says only that.
      await new Promise((resolve) => engine.close(resolve));
    },
  };
}

/** Undefined when the client went away in the middle; kinesalite would crash the process. */
async function bodyOf(request: Incoming): Promise<Buffer | undefined> {
  try {
    return Buffer.concat(await request.toArray());
  } catch {
    return undefined;
  }
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
