import { Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { ImportFiles } from '../../ports/import-files.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: S3Client; readonly bucketName: string };

const partKey = (importId: string, part: number) => `imports/${importId}/parts/${part}.ndjson.gz`;
const groupKey = (importId: string, group: number, file: string) =>
  `imports/${importId}/groups/${group}/${file}.ndjson.gz`;
/** In UTF-16 units, more than any line may have. */
const keptOfLine = 1_000_000;
/** Written once and read once. */
const fastest = { level: 1 };

/** In the graph bucket: `imports/<id>/parts/<number>` as they came, `imports/<id>/groups/<group>/<file>` by subject. */
export function createS3ImportFiles(options: Options): ImportFiles {
  return {
    putPart: (importId, part, packed) => put(options, partKey(importId, part), packed),
    partLines: (importId, part) => lines(options, partKey(importId, part)),
    putGroup: (importId, group, file, given) =>
      put(options, groupKey(importId, group, file), gzipSync(given.join('\n'), fastest)),
    groupLines: (importId, group, file) => lines(options, groupKey(importId, group, file)),
  };
}

function put({ client, bucketName }: Options, Key: string, Body: Uint8Array): Promise<void> {
  return callDependency('S3', async () => {
    await client.send(new PutObjectCommand({ Bucket: bucketName, Key, Body, ContentType: 'application/gzip' }));
  });
}

async function* lines({ client, bucketName }: Options, Key: string): AsyncGenerator<string> {
  const { Body } = await callDependency('S3', () => client.send(new GetObjectCommand({ Bucket: bucketName, Key })));
  if (!(Body instanceof Readable)) throw new Error(`s3://${bucketName}/${Key} has no body`);
  const unpacked = createGunzip();
  // Also when the connection ends early; whoever reads must not wait for the rest.
  Body.on('error', (error) => unpacked.destroy(error));
  // What is no UTF-8 becomes replacement characters, which are no URI and no harm in a name.
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of Body.pipe(unpacked) as AsyncIterable<Uint8Array>) {
    const found = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    // Longer ones are refused; holding all of one that never ends would take its square in time.
    rest = (found.pop() ?? '').slice(0, keptOfLine);
    yield* found;
  }
  if (rest !== '') yield rest;
}
