import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { createJsonClient } from './json-client.ts';
import { type SupervisedProcess, startSupervised } from './supervised-process.ts';

const startAttempts = 3;
const readinessMilliseconds = 10_000;

/** Starts DynamoDB with Streams (Dynoxide, a native process) on a file in `dataDir`. */
export async function startDynamo(options: { readonly dataDir: string }): Promise<Engine> {
  mkdirSync(options.dataDir, { recursive: true });
  const database = join(options.dataDir, 'dynamo.db');
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    let output = '';
    const server = startSupervised(binary(), ['--db-path', database, '--port', String(port)], (text) => {
      output = (output + text).slice(-2000);
    });
    const endpoint = `http://127.0.0.1:${port}`;
    if (await becomesReady(server, endpoint)) {
      indexStreamRecords(database);
      return { endpoint, stop: () => server.stop() };
    }
    await server.stop();
    // Another process may have taken the port between the look and the start.
    if (attempt === startAttempts) throw new Error(`Dynoxide does not start: ${output}`);
  }
}

/**
 * The engine numbers each write by the stream's highest number, and reads streams by number, without an index for either:
 * after 45,000 writes that is 0.2 s a write. It finds the indexes by itself.
 */
function indexStreamRecords(database: string): void {
  const number = 'CAST(sequence_number AS INTEGER)';
  const indexes = {
    runway_numbers: `table_name, ${number}`,
    runway_shards: `table_name, shard_id, ${number}`,
    runway_ranges: 'table_name, shard_id, sequence_number',
  };
  const records = new DatabaseSync(database, { timeout: readinessMilliseconds });
  for (const [name, columns] of Object.entries(indexes))
    records.exec(`CREATE INDEX IF NOT EXISTS ${name} ON _stream_records (${columns})`);
  records.close();
}

function binary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'dynoxide');
  } catch (cause) {
    throw new Error(`no embedded DynamoDB for this platform: package ${name} is not installed`, { cause });
  }
}

async function becomesReady(server: SupervisedProcess, endpoint: string): Promise<boolean> {
  const call = createJsonClient(endpoint, 'DynamoDB_20120810', 'application/x-amz-json-1.0');
  const deadline = performance.now() + readinessMilliseconds;
  while (performance.now() < deadline && server.process.exitCode === null) {
    try {
      await call('ListTables', {});
      return true;
    } catch {
      await delay(10);
    }
  }
  return false;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
