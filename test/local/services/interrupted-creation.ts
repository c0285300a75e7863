import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import kinesalite from 'kinesalite';
import { createJsonClient } from '../../../local/engines/json-client.ts';

// Begins to create a stream and is killed before the stream is active.
const path = `${process.argv[2]}/kinesis`;
mkdirSync(path);
const engine = kinesalite({ path, createStreamMs: 100_000, deleteStreamMs: 0, updateStreamMs: 0, shardLimit: 10 });
await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
const endpoint = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`;
const call = createJsonClient(endpoint, 'Kinesis_20131202', 'application/x-amz-json-1.1');
await call('CreateStream', { StreamName: 'Events', ShardCount: 1 });
process.kill(process.pid, 'SIGKILL');
