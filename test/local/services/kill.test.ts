import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Functions } from '../../../local/types.ts';
import { temporaryDirectory } from './fixtures.ts';
import { bootSmallCloud, cloudStart } from './small-cloud.ts';

const functionNames = ['from-queue', 'from-stream', 'from-table', 'scheduled'];

/** Runs a cloud until each function is in the middle of an invocation, then kills it. */
async function killInTheMiddle(dataDir: string): Promise<{ readonly dynamoEndpoint: string }> {
  const program = fileURLToPath(new URL('./killed-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const hanging = new Set<string>();
  let dynamoEndpoint = '';
  for await (const line of createInterface({ input: child.stdout })) {
    const [kind, value = ''] = line.split(' ');
    if (kind === 'hanging') hanging.add(value);
    else dynamoEndpoint = value;
    if (functionNames.every((name) => hanging.has(name))) break;
  }
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  return { dynamoEndpoint };
}

test('after kill -9 everything unfinished is done, and the native engine is gone', async () => {
  const dataDir = temporaryDirectory();
  const { dynamoEndpoint } = await killInTheMiddle(dataDir);
  await expect.poll(() => fetch(dynamoEndpoint).catch(() => 'gone'), { interval: 10 }).toBe('gone');

  const seen: Record<string, unknown[]> = {};
  const functions: Functions = {
    async invoke(functionName, event) {
      seen[functionName] = [...(seen[functionName] ?? []), event];
      return { ok: true, payload: undefined };
    },
  };
  const cloud = await bootSmallCloud(dataDir, functions);
  onTestFinished(() => cloud.dynamo.stop());
  onTestFinished(() => cloud.kinesis.stop());
  await cloud.pump.advanceTo(cloudStart + 10 * 60_000);
  const data = (text: string) => ({ Records: [{ kinesis: { data: Buffer.from(text).toString('base64') } }] });
  const item = (text: string) => ({ Records: [{ dynamodb: { Keys: { pk: { S: text } } } }] });
  expect(seen['from-stream']).toMatchObject([data('2'), data('3')]);
  expect(seen['from-table']).toMatchObject([item('2'), item('3')]);
  // The message in flight is hidden until its visibility timeout ends, so the third overtakes it.
  expect(seen['from-queue']).toMatchObject([{ Records: [{ body: '3' }] }, { Records: [{ body: '2' }] }]);
  expect(seen.scheduled).toEqual(['2001-01-01T00:05:00Z', '2001-01-01T00:10:00Z']);
});
