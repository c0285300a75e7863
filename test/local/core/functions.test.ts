import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { createFunctions, type FunctionRuntime } from '../../../local/lambda/functions.ts';
import { functionResource, temporaryDirectory, writeAssembly } from './write-assembly.ts';

let runtime: FunctionRuntime | undefined;
let directory = '';

function start(source: string, properties: object = {}, maximumConcurrency?: number): FunctionRuntime {
  directory = temporaryDirectory();
  const assembly = writeAssembly({}, { subject: source });
  runtime = createFunctions({
    functions: [
      {
        logicalId: 'Subject',
        type: 'AWS::Lambda::Function',
        physicalName: 'subject',
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:subject',
        properties: functionResource('subject', properties).Properties,
      },
    ],
    assetPath: () => path.join(assembly, 'asset.subject'),
    environment: { AWS_REGION: 'us-east-1' },
    logDirectory: path.join(directory, 'logs'),
    maximumConcurrency,
  });
  return runtime;
}

afterEach(() => runtime?.stop());

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // One that has ended stays listed until its new parent has looked.
  const status = `/proc/${pid}/stat`;
  return !existsSync(status) || !readFileSync(status, 'utf8').includes(') Z ');
}

test('a function answers with what its handler returns', async () => {
  const functions = start('export const handler = async (event) => ({ twice: event.number * 2 });');
  expect(await functions.invoke('subject', { number: 21 })).toEqual({ ok: true, payload: { twice: 42 } });
});

test('a function is found by name, by ARN and by the ARN of a version', async () => {
  const functions = start('export const handler = async () => "here";');
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:subject';
  for (const name of ['subject', arn, `${arn}:live`]) {
    expect(await functions.invoke(name, null)).toEqual({ ok: true, payload: 'here' });
  }
  expect(await functions.invoke('other', null)).toMatchObject({ ok: false, errorType: 'ResourceNotFoundException' });
});

test('a function sees its variables, its own access key and nothing of this process', async () => {
  process.env.SECRET_OF_THE_DEVELOPER = 'x';
  const functions = start('export const handler = async () => process.env;', {
    Environment: { Variables: { TABLE: 't' } },
    MemorySize: 256,
  });
  const answer = await functions.invoke('subject', {});
  expect(answer).toMatchObject({
    payload: {
      TABLE: 't',
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AK-subject',
      AWS_LAMBDA_FUNCTION_NAME: 'subject',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    },
  });
  expect(answer).not.toHaveProperty('payload.SECRET_OF_THE_DEVELOPER');
});

test('an error that a handler throws keeps its literal name, message and trace', async () => {
  const functions = start(`
    class VersionConflict extends Error { name = 'VersionConflict' }
    export const handler = async () => { throw new VersionConflict('expected 3, got 4') };`);
  const answer = await functions.invoke('subject', {});
  expect(answer).toMatchObject({ ok: false, errorType: 'VersionConflict', errorMessage: 'expected 3, got 4' });
  expect(answer).toHaveProperty('trace', expect.arrayContaining([expect.stringContaining('index.mjs')]));
});

test('a module that does not load fails the invocation with the error it threw', async () => {
  const functions = start(`throw new TypeError('no table'); export const handler = 1;`);
  for (const _attempt of [1, 2]) {
    expect(await functions.invoke('subject', {})).toMatchObject({
      ok: false,
      errorType: 'TypeError',
      errorMessage: 'no table',
    });
  }
});

test('a function that exceeds its timeout is ended and starts afresh', async () => {
  const functions = start(
    `let calls = 0;
     export const handler = (event) => (event.hang ? new Promise(() => setInterval(() => {}, 1e6)) : Promise.resolve(++calls));`,
    { Timeout: 1 },
  );
  expect(await functions.invoke('subject', {})).toEqual({ ok: true, payload: 1 });
  expect(await functions.invoke('subject', { hang: true })).toMatchObject({
    ok: false,
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringContaining('Task timed out after 1.00 seconds'),
  });
  expect(await functions.invoke('subject', {})).toEqual({ ok: true, payload: 1 });
});

test('a process that ends in the middle of an invocation fails it and is replaced', async () => {
  const functions = start('export const handler = async (event) => (event.exit ? process.exit(3) : "alive");');
  expect(await functions.invoke('subject', { exit: true })).toMatchObject({
    ok: false,
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringContaining('exit status 3'),
  });
  expect(await functions.invoke('subject', {})).toEqual({ ok: true, payload: 'alive' });
});

const counting = `
  let running = 0; let most = 0;
  export const handler = async (event) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 20));
    running--;
    return { most, pid: process.pid, number: event };
  };`;

test('one process serves its invocations one after another in their order', async () => {
  const functions = start(counting);
  const answers = await Promise.all([1, 2, 3].map((number) => functions.invoke('subject', number)));
  expect(answers.map((answer) => answer.ok && answer.payload)).toMatchObject([
    { most: 1, number: 1 },
    { most: 1, number: 2 },
    { most: 1, number: 3 },
  ]);
  expect(new Set(answers.map((answer) => answer.ok && (answer.payload as { pid: number }).pid)).size).toBe(1);
});

test('more processes are started when invocations wait and the setting allows it', async () => {
  const functions = start(counting, {}, 2);
  const answers = await Promise.all([1, 2, 3, 4].map((number) => functions.invoke('subject', number)));
  expect(new Set(answers.map((answer) => answer.ok && (answer.payload as { pid: number }).pid)).size).toBe(2);
});

const pidOf = (answer: Awaited<ReturnType<FunctionRuntime['invoke']>>) =>
  answer.ok && (answer.payload as { readonly pid: number }).pid;

test('of the processes that are idle, the one that started first serves', async () => {
  const functions = start(counting, {}, 2);
  const [first, second] = (await Promise.all([1, 2].map((number) => functions.invoke('subject', number)))).map(pidOf);
  expect(pidOf(await functions.invoke('subject', 3))).toBe(first);
  const both = await Promise.all([4, 5].map((number) => functions.invoke('subject', number)));
  expect(both.map(pidOf)).toEqual([first, second]);
});

test('a function has no more processes than it reserves', async () => {
  const functions = start(counting, { ReservedConcurrentExecutions: 1 }, 2);
  expect(functions.concurrencyOf('subject')).toBe(1);
  const answers = await Promise.all([1, 2, 3].map((number) => functions.invoke('subject', number)));
  expect(new Set(answers.map(pidOf)).size).toBe(1);
});

test('payloads beyond what Lambda takes are refused in both directions', async () => {
  const functions = start('export const handler = async (event) => "x".repeat(event.length);');
  expect(await functions.invoke('subject', 'x'.repeat(6_300_000))).toMatchObject({
    errorType: 'RequestTooLargeException',
  });
  expect(await functions.invoke('subject', { length: 6_300_000 })).toMatchObject({
    errorType: 'Function.ResponseSizeTooLarge',
  });
});

test('what a function prints is in its log file', async () => {
  const functions = start('export const handler = async () => console.log("seen by", "the operator");');
  await functions.invoke('subject', {});
  await functions.stop();
  expect(readFileSync(path.join(directory, 'logs', 'subject.log'), 'utf8')).toContain('seen by the operator');
});

test('stopping ends every process and fails what waits', async () => {
  const functions = start('export const handler = async () => process.pid;');
  const answer = await functions.invoke('subject', {});
  const pid = answer.ok ? Number(answer.payload) : 0;
  expect(isRunning(pid)).toBe(true);
  await functions.stop();
  expect(isRunning(pid)).toBe(false);
  expect(await functions.invoke('subject', {})).toMatchObject({ ok: false, errorType: 'ServiceException' });
});

test.each(['busy', 'idle'])(
  'a function that is %s dies with the process that runs it, also by kill -9',
  async (state) => {
    const host = spawn(process.execPath, [fileURLToPath(new URL('killed-functions.ts', import.meta.url)), state]);
    const [line] = await once(host.stdout, 'data');
    const pid = Number(String(line));
    expect(isRunning(pid)).toBe(true);
    host.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  },
);
