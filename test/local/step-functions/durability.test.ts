import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWorld, machine, startOfTime } from './harness.ts';

// asl-validator takes 0.2 s per machine; refusals.test.ts runs the real one.
vi.mock('asl-validator', () => ({ default: () => ({ isValid: true, errorsText: () => '' }) }));

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'step-functions-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const invoke = (name: string, next: string) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: name, Payload: { 'now.$': '$$.State.EnteredTime' } },
  ResultSelector: { 'value.$': '$.Payload' },
  ResultPath: `$.${name}`,
  Next: next,
});
const callback = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: { FunctionName: 'ask', Payload: { 't.$': '$$.Task.Token' } },
  ResultPath: '$.answer',
  TimeoutSeconds: 7_200,
  Next: 'Second',
};
const workflow = machine('m', {
  StartAt: 'First',
  States: {
    First: invoke('first', 'Hold'),
    Hold: { Type: 'Wait', Seconds: 3_600, Next: 'Ask' },
    Ask: callback,
    Second: invoke('second', 'Done'),
    Done: { Type: 'Succeed' },
  },
});

/** The engine that another process would be after a crash: same journal, nothing in memory. */
function reopen(functions: Readonly<Record<string, (event: unknown) => unknown>>, now = startOfTime) {
  return createWorld([workflow], { path: join(directory, 'journal.sqlite'), functions, now });
}

const never = () => new Promise(() => undefined);

test('a task in flight at the crash is invoked again with the same input, what was before it is not', async () => {
  const seen: string[] = [];
  const note = (name: string) => (event: unknown) => void seen.push(`${name} ${JSON.stringify(event)}`);
  const before = reopen({ first: (event) => note('first')(event) ?? never() });
  const arn = await before.start('m', {});
  void before.engine.pump();
  await new Promise(setImmediate);
  before.close();

  const after = reopen({ first: note('first'), ask: note('ask') }, startOfTime + 5);
  await after.advanceTo(startOfTime + 3_600_010);
  expect(seen.slice(0, 2)).toEqual(Array(2).fill('first {"now":"2001-01-22T06:00:00.000Z"}'));
  expect(seen.slice(2)).toHaveLength(1);
  expect(await after.outcome(arn)).toEqual({ status: 'RUNNING' });
});

test('waits, tokens and timeouts outlive a restart', async () => {
  const tokens: string[] = [];
  const functions = {
    first: () => 1,
    second: () => 2,
    ask: (event: unknown) => void tokens.push(String(Object(event).t)),
  };
  const one = reopen(functions);
  const arn = await one.start('m', { x: 0 });
  await one.drain();
  one.close();

  const two = reopen(functions, startOfTime + 60_000);
  expect(two.engine.nextWakeAt()).toBe(startOfTime + 3_600_000);
  await two.advanceTo(startOfTime + 3_600_000);
  two.close();

  const three = reopen(functions, startOfTime + 3_700_000);
  expect(three.engine.nextWakeAt()).toBe(startOfTime + 10_800_000);
  await three.call('SendTaskSuccess', { taskToken: tokens[0], output: '"yes"' });
  three.close();

  const four = reopen(functions, startOfTime + 3_700_000);
  await four.drain();
  expect(await four.outcome(arn)).toEqual({
    status: 'SUCCEEDED',
    output: { x: 0, first: { value: 1 }, answer: 'yes', second: { value: 2 } },
  });
  expect(tokens).toHaveLength(1);
});

test('a result that was journalled before the crash is not asked for again', async () => {
  let calls = 0;
  const one = reopen({ first: () => ++calls });
  await one.start('m', {});
  const { engine, close } = one;
  await engine.pump();
  close();
  const two = reopen({ first: () => ++calls });
  await two.drain();
  expect(calls).toBe(1);
});

test('an execution whose state the template no longer has fails by name', async () => {
  const one = reopen({ first: () => 1 });
  const arn = await one.start('m', {});
  await one.drain();
  one.close();
  const other = machine('m', { StartAt: 'Only', States: { Only: { Type: 'Succeed' } } });
  const two = createWorld([other], { path: join(directory, 'journal.sqlite'), now: startOfTime });
  await two.advanceTo(startOfTime + 3_600_000);
  expect(await two.outcome(arn)).toMatchObject({
    status: 'FAILED',
    error: 'States.Runtime',
    cause: expect.stringContaining('Hold'),
  });
});

test('executions run beside each other, at most 50 at a time', async () => {
  let open = 0;
  let most = 0;
  const first = async () => {
    most = Math.max(most, ++open);
    await new Promise(setImmediate);
    open--;
  };
  const world = createWorld([workflow], { functions: { first } });
  for (let i = 0; i < 120; i++) await world.start('m', {}, `e${i}`);
  await world.drain();
  expect(most).toBe(50);
});
