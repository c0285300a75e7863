import { describe, expect, test, vi } from 'vitest';
import { createWorld, FunctionFailure, machine, startOfTime, type World } from './harness.ts';

// asl-validator takes 0.2 s per machine; refusals.test.ts runs the real one.
vi.mock('asl-validator', () => ({ default: () => ({ isValid: true, errorsText: () => '' }) }));

const hour = 3_600_000;

function callback(fields: object = {}) {
  const parameters = { FunctionName: 'request', Payload: { 'taskToken.$': '$$.Task.Token' } };
  return {
    StartAt: 'Request',
    States: {
      Request: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Parameters: parameters,
        ...fields,
        End: true,
      },
    },
  };
}

/** A machine that has asked for an answer, and the tokens it gave away. */
async function waiting(fields: object = {}, world: Omit<World, 'functions'> = {}) {
  const tokens: string[] = [];
  const request = (event: unknown) => void tokens.push(String(Object(event).taskToken));
  const self = createWorld([machine('m', callback(fields))], { ...world, functions: { request } });
  const arn = await self.start('m', {});
  await self.drain();
  return { ...self, arn, tokens };
}

describe('a task token', () => {
  test('holds the execution until SendTaskSuccess gives its result', async () => {
    const { engine, outcome, arn, call, tokens, drain } = await waiting();
    expect(await outcome(arn)).toEqual({ status: 'RUNNING' });
    expect(engine.nextWakeAt()).toBeUndefined();
    await call('SendTaskSuccess', { taskToken: tokens[0], output: '{"candidate":3}' });
    await drain();
    expect(await outcome(arn)).toEqual({ status: 'SUCCEEDED', output: { candidate: 3 } });
  });

  test('fails the task with the given error', async () => {
    const { outcome, arn, call, tokens, drain } = await waiting();
    await call('SendTaskFailure', { taskToken: tokens[0], error: 'TrainingFailed', cause: 'no data' });
    await drain();
    expect(await outcome(arn)).toEqual({ status: 'FAILED', error: 'TrainingFailed', cause: 'no data' });
  });

  test('may be answered before the function has returned', async () => {
    const request = async (event: unknown) =>
      void (await world.call('SendTaskSuccess', { taskToken: Object(event).taskToken, output: '1' }));
    const world = createWorld([machine('m', callback())], { functions: { request } });
    const arn = await world.start('m', {});
    await world.drain();
    expect(await world.outcome(arn)).toEqual({ status: 'SUCCEEDED', output: 1 });
  });

  test('is refused once its task has been answered, has ended or never existed', async () => {
    const { call, tokens, drain } = await waiting();
    const answer = (taskToken: string | undefined) => call('SendTaskSuccess', { taskToken, output: '{}' });
    const stranger = Buffer.from('["arn:aws:states:x",1,0]').toString('base64url');
    await expect(answer('???')).rejects.toMatchObject({ code: 'InvalidToken' });
    await expect(answer(stranger)).rejects.toMatchObject({ code: 'TaskDoesNotExist' });
    await expect(call('SendTaskSuccess', { taskToken: tokens[0], output: 'no JSON' })).rejects.toMatchObject({
      code: 'InvalidOutput',
    });
    await answer(tokens[0]);
    await expect(answer(tokens[0])).rejects.toMatchObject({ code: 'TaskTimedOut' });
    await drain();
    await expect(answer(tokens[0])).rejects.toMatchObject({ code: 'TaskTimedOut' });
  });

  test('is new for every attempt', async () => {
    const { advanceTo, call, tokens, arn, outcome } = await waiting({ Retry: [{ ErrorEquals: ['TrainingFailed'] }] });
    await call('SendTaskFailure', { taskToken: tokens[0], error: 'TrainingFailed' });
    await advanceTo(startOfTime + hour);
    expect(new Set(tokens).size).toBe(2);
    await expect(call('SendTaskSuccess', { taskToken: tokens[0], output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
    await call('SendTaskSuccess', { taskToken: tokens[1], output: '2' });
    await advanceTo(startOfTime + hour);
    expect(await outcome(arn)).toEqual({ status: 'SUCCEEDED', output: 2 });
  });

  test('is void when the function that should hand it on fails', async () => {
    const request = () => {
      throw new FunctionFailure('DependencyUnavailable');
    };
    const world = createWorld([machine('m', callback())], { functions: { request } });
    const arn = await world.start('m', {});
    await world.drain();
    expect(await world.outcome(arn)).toMatchObject({ status: 'FAILED', error: 'DependencyUnavailable' });
  });
});

describe('patience with a token', () => {
  test('ends at TimeoutSeconds', async () => {
    const { engine, advanceTo, arn, outcome, call, tokens } = await waiting({ TimeoutSeconds: 3_600 });
    expect(engine.nextWakeAt()).toBe(startOfTime + hour);
    await advanceTo(startOfTime + hour - 1);
    expect(await outcome(arn)).toEqual({ status: 'RUNNING' });
    await advanceTo(startOfTime + hour);
    expect(await outcome(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    await expect(call('SendTaskSuccess', { taskToken: tokens[0], output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
  });

  test('ends at the time that TimeoutSecondsPath reads', async () => {
    const world = createWorld([machine('m', callback({ TimeoutSecondsPath: '$.seconds' }))], {
      functions: { request: () => undefined },
    });
    await world.start('m', { seconds: 7 });
    await world.drain();
    expect(world.engine.nextWakeAt()).toBe(startOfTime + 7_000);
  });

  test('is renewed by heartbeats and ends without them', async () => {
    const { advanceTo, arn, outcome, call, tokens } = await waiting({ HeartbeatSeconds: 60 });
    await advanceTo(startOfTime + 50_000);
    await call('SendTaskHeartbeat', { taskToken: tokens[0] });
    await advanceTo(startOfTime + 109_999);
    expect(await outcome(arn)).toEqual({ status: 'RUNNING' });
    await advanceTo(startOfTime + 110_000);
    expect(await outcome(arn)).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
  });

  test('can be caught as States.Timeout but not as States.TaskFailed', async () => {
    const catches = (name: string) => ({ TimeoutSeconds: 60, Catch: [{ ErrorEquals: [name], Next: 'Request' }] });
    const caught = await waiting(catches('States.Timeout'));
    await caught.advanceTo(startOfTime + 60_000);
    expect(caught.tokens).toHaveLength(2);
    const missed = await waiting(catches('States.TaskFailed'));
    await missed.advanceTo(startOfTime + 60_000);
    expect(await missed.outcome(missed.arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });
});
