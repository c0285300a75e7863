import { describe, expect, test, vi } from 'vitest';
import { createWorld, machine, startOfTime } from './harness.ts';

// asl-validator takes 0.2 s per machine; refusals.test.ts runs the real one.
vi.mock('asl-validator', () => ({ default: () => ({ isValid: true, errorsText: () => '' }) }));

const day = 86_400_000;
const hold = {
  StartAt: 'Hold',
  States: { Hold: { Type: 'Wait', Seconds: 3_600, Next: 'Done' }, Done: { Type: 'Succeed' } },
};
const child = machine('child', hold);
const parent = machine('parent', {
  StartAt: 'Begin',
  States: {
    Begin: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution',
      Parameters: { StateMachineArn: child.arn, 'Name.$': '$.name', Input: { 'x.$': '$.x' } },
      End: true,
    },
  },
});

describe('starting', () => {
  test('the same name and input while running is the same execution', async () => {
    const { start, drain } = createWorld([child]);
    const first = await start('child', { x: 1 });
    await drain();
    expect(await start('child', { x: 1 })).toBe(first);
  });

  test('another input, or a name whose execution has ended, is ExecutionAlreadyExists', async () => {
    const { start, advanceTo } = createWorld([child]);
    await start('child', { x: 1 });
    await expect(start('child', { x: 2 })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
    await advanceTo(startOfTime + 2 * day);
    await expect(start('child', { x: 1 })).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  });

  test('a name is free again 90 days after its execution ended', async () => {
    const { start, advanceTo, call } = createWorld([child]);
    const executionArn = await start('child', { x: 1 });
    await advanceTo(startOfTime + 91 * day);
    await expect(call('DescribeExecution', { executionArn })).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
    expect(await start('child', { x: 2 })).toBe(executionArn);
    expect(await call('GetExecutionHistory', { executionArn })).toMatchObject({
      events: [{ type: 'ExecutionStarted' }, { type: 'WaitStateEntered' }],
    });
  });

  test('through an alias it is an execution of the machine, under the same names', async () => {
    const alias = { ...machine('child:live', {}), type: 'AWS::StepFunctions::StateMachineAlias' };
    const { call } = createWorld([child], { qualified: [alias] });
    const start = (stateMachineArn: string) => call('StartExecution', { stateMachineArn, name: 'first' });
    const { executionArn } = await start(alias.arn);
    expect(executionArn).toBe('arn:aws:states:eu-west-1:000000000000:execution:child:first');
    expect(await start(child.arn)).toMatchObject({ executionArn });
    await expect(start(`${child.arn}:gone`)).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
  });

  test('what cannot be started is named', async () => {
    const { call } = createWorld([child]);
    const start = (fields: object) => call('StartExecution', { stateMachineArn: child.arn, ...fields });
    await expect(start({ stateMachineArn: 'arn:other' })).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
    await expect(start({ input: '{' })).rejects.toMatchObject({ code: 'InvalidExecutionInput' });
    await expect(start({ input: JSON.stringify('x'.repeat(1_048_577)) })).rejects.toMatchObject({
      code: 'InvalidExecutionInput',
    });
    await expect(start({ name: 'a b' })).rejects.toMatchObject({ code: 'InvalidName' });
    await expect(call('StartExecution', {})).rejects.toMatchObject({ code: 'ValidationException' });
    await expect(call('CreateStateMachine', {})).rejects.toMatchObject({ code: 'UnknownOperationException' });
  });

  test('a workflow starts another one, once', async () => {
    const { start, outcome, drain, call } = createWorld([parent, child]);
    const first = await start('parent', { name: 'model-o1', x: 1 }, 'a');
    await drain();
    const second = await start('parent', { name: 'model-o1', x: 2 }, 'b');
    await drain();
    const executionArn = child.arn.replace(':stateMachine:', ':execution:').concat(':model-o1');
    expect(await outcome(first)).toMatchObject({ status: 'SUCCEEDED', output: { ExecutionArn: executionArn } });
    expect(await outcome(second)).toMatchObject({
      status: 'FAILED',
      error: 'StepFunctions.ExecutionAlreadyExistsException',
    });
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({
      status: 'RUNNING',
      input: '{"x":1}',
      name: 'model-o1',
    });
  });
});

describe('looking and stopping', () => {
  test('a stopped execution is aborted and never goes on', async () => {
    const { start, call, advanceTo, outcome, drain } = createWorld([child]);
    const executionArn = await start('child', {});
    await drain();
    expect(await call('StopExecution', { executionArn, error: 'Aborted', cause: 'by hand' })).toEqual({
      stopDate: startOfTime / 1_000,
    });
    await advanceTo(startOfTime + day);
    expect(await outcome(executionArn)).toEqual({ status: 'ABORTED', error: 'Aborted', cause: 'by hand' });
    expect(await call('StopExecution', { executionArn })).toEqual({ stopDate: startOfTime / 1_000 });
    await expect(call('StopExecution', { executionArn: 'arn:none' })).rejects.toMatchObject({
      code: 'ExecutionDoesNotExist',
    });
  });

  test('a function that is still running when its execution is stopped changes nothing', async () => {
    const f = async () => void (await world.call('StopExecution', { executionArn: arn }));
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'f' },
      End: true,
    };
    const world = createWorld([machine('m', { StartAt: 'Work', States: { Work: task } })], { functions: { f } });
    const arn = await world.start('m', {});
    await world.drain();
    expect(await world.outcome(arn)).toMatchObject({ status: 'ABORTED' });
  });

  test('executions are listed newest first and by status', async () => {
    const { start, call, advanceTo } = createWorld([child]);
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      await start('child', {}, name);
      await advanceTo(startOfTime + (index + 1) * 1_800_000);
    }
    const stateMachineArn = child.arn;
    expect(await call('ListExecutions', { stateMachineArn })).toMatchObject({
      executions: [{ name: 'c' }, { name: 'b' }, { name: 'a' }],
    });
    expect(await call('ListExecutions', { stateMachineArn, statusFilter: 'RUNNING' })).toMatchObject({
      executions: [{ name: 'c' }],
    });
    await expect(call('ListExecutions', { stateMachineArn: 'arn:other' })).rejects.toMatchObject({
      code: 'StateMachineDoesNotExist',
    });
  });

  test('the history tells every state with its data', async () => {
    const { start, call, advanceTo } = createWorld([child]);
    const executionArn = await start('child', { x: 1 });
    await advanceTo(startOfTime + day);
    const { events } = await call('GetExecutionHistory', { executionArn });
    expect((events as { type: string }[]).map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'WaitStateEntered',
      'WaitStateExited',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
    expect(events).toContainEqual({
      id: 3,
      previousEventId: 2,
      timestamp: startOfTime / 1_000 + 3_600,
      type: 'WaitStateExited',
      stateExitedEventDetails: { name: 'Hold', output: '{"x":1}' },
    });
    const backwards = await call('GetExecutionHistory', { executionArn, reverseOrder: true });
    expect(backwards).toEqual({ events: (events as object[]).toReversed() });
  });
});
