import { describe, expect, test, vi } from 'vitest';
import { createWorld, FunctionFailure, machine, runToEnd, startOfTime } from './harness.ts';

// asl-validator takes 0.2 s per machine; refusals.test.ts runs the real one.
vi.mock('asl-validator', () => ({ default: () => ({ isValid: true, errorsText: () => '' }) }));

const hour = 3_600_000;
const waiter = (fields: object) => ({
  StartAt: 'Hold',
  States: {
    Hold: { Type: 'Wait', ...fields, Next: 'Done' },
    Done: { Type: 'Pass', Parameters: { 'at.$': '$$.State.EnteredTime' }, End: true },
  },
});

describe('waits end on the virtual clock', () => {
  const cases: readonly [fields: object, at: string][] = [
    [{ Seconds: 90 }, '2001-01-22T06:01:30.000Z'],
    [{ Seconds: 0 }, '2001-01-22T06:00:00.000Z'],
    [{ SecondsPath: '$.hold' }, '2001-01-22T10:00:00.000Z'],
    [{ Timestamp: '2001-01-23T00:00:00Z' }, '2001-01-23T00:00:00.000Z'],
    [{ TimestampPath: '$.until' }, '2001-02-01T11:00:00.000Z'],
    [{ Timestamp: '1999-01-01T00:00:00Z' }, '2001-01-22T06:00:00.000Z'],
  ];
  test.each(cases)('%j → %s', async (fields, at) => {
    const input = { hold: 14_400, until: '2001-02-01T12:00:00+01:00' };
    expect(await runToEnd(waiter(fields), input)).toEqual({ status: 'SUCCEEDED', output: { at } });
  });

  test.each([{ hold: -1 }, { hold: 1.5 }, { hold: 'soon' }, {}])('%j is no number of seconds', async (input) => {
    expect(await runToEnd(waiter({ SecondsPath: '$.hold' }), input)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
    });
  });

  test('nothing happens before the time has come', async () => {
    const world = createWorld([machine('m', waiter({ Seconds: 3_600 }))]);
    const arn = await world.start('m', {});
    await world.advanceTo(startOfTime + hour - 1);
    expect(world.engine.nextWakeAt()).toBe(startOfTime + hour);
    expect(await world.outcome(arn)).toEqual({ status: 'RUNNING' });
    expect(await world.engine.pump()).toBe(false);
    await world.advanceTo(startOfTime + hour);
    expect(await world.outcome(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(world.engine.nextWakeAt()).toBeUndefined();
  });
});

function task(fields: object, name = 'f') {
  return {
    StartAt: 'Work',
    States: {
      Work: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: name, Payload: { 'n.$': '$$.State.RetryCount' } },
        ...fields,
        End: true,
      },
      ...('Catch' in fields && { Repair: { Type: 'Pass', End: true } }),
    },
  };
}

/** A machine's calls of a function that fails in this order and then succeeds, as minutes since the start. */
async function callsOf(
  fields: object,
  failures: readonly string[],
): Promise<{ readonly at: readonly number[]; readonly outcome: unknown }> {
  const at: number[] = [];
  const left = [...failures];
  const f = () => {
    at.push((world.now() - startOfTime) / 60_000);
    const failure = left.shift();
    if (failure !== undefined) throw new FunctionFailure(failure);
    return 'done';
  };
  const world = createWorld([machine('m', task(fields))], { functions: { f } });
  const arn = await world.start('m', { keep: 1 });
  await world.advanceTo(startOfTime + 48 * hour);
  return { at, outcome: await world.outcome(arn) };
}

describe('retries', () => {
  const minutely = { IntervalSeconds: 60, BackoffRate: 2 };

  test('back off on the virtual clock until the task succeeds', async () => {
    const { at, outcome } = await callsOf(
      { Retry: [{ ErrorEquals: ['VersionConflict'], ...minutely }], OutputPath: '$.Payload' },
      Array(3).fill('VersionConflict'),
    );
    expect(at).toEqual([0, 1, 3, 7]);
    expect(outcome).toEqual({ status: 'SUCCEEDED', output: 'done' });
  });

  test('stop after MaxAttempts and fail with the last error', async () => {
    const { at, outcome } = await callsOf(
      { Retry: [{ ErrorEquals: ['States.ALL'], ...minutely, MaxAttempts: 2 }] },
      Array(9).fill('Broken'),
    );
    expect(at).toEqual([0, 1, 3]);
    expect(outcome).toMatchObject({
      status: 'FAILED',
      error: 'Broken',
      cause: JSON.stringify({ errorMessage: 'broken', errorType: 'Broken', trace: [] }),
    });
  });

  test('are never further apart than MaxDelaySeconds', async () => {
    const { at } = await callsOf(
      { Retry: [{ ErrorEquals: ['States.TaskFailed'], ...minutely, MaxAttempts: 4, MaxDelaySeconds: 120 }] },
      Array(9).fill('Broken'),
    );
    expect(at).toEqual([0, 1, 3, 5, 7]);
  });

  test('count apart for each retrier', async () => {
    const retriers = [
      { ErrorEquals: ['A'], IntervalSeconds: 60, MaxAttempts: 1 },
      { ErrorEquals: ['B'], IntervalSeconds: 600, MaxAttempts: 1 },
    ];
    const { at, outcome } = await callsOf({ Retry: retriers }, ['A', 'B', 'A']);
    expect(at).toEqual([0, 1, 11]);
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'A' });
  });

  test('do not apply to an error that no retrier names', async () => {
    const { at, outcome } = await callsOf({ Retry: [{ ErrorEquals: ['VersionConflict'] }] }, ['Other']);
    expect(at).toEqual([0]);
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'Other' });
  });

  test('never apply to States.Runtime', async () => {
    const { outcome } = await callsOf(
      {
        InputPath: '$.absent',
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Repair' }],
      },
      [],
    );
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});

describe('catchers', () => {
  test('take over when the retries are used up, with the error beside the input', async () => {
    const { at, outcome } = await callsOf(
      {
        Retry: [{ ErrorEquals: ['Broken'], MaxAttempts: 1 }],
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Work' },
          { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Repair' },
        ],
      },
      ['Broken', 'Broken'],
    );
    expect(at).toHaveLength(2);
    expect(outcome).toMatchObject({ status: 'SUCCEEDED', output: { keep: 1, error: { Error: 'Broken' } } });
  });

  test('replace the input when they have no ResultPath', async () => {
    const { outcome } = await callsOf({ Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Repair' }] }, ['Broken']);
    expect(outcome).toMatchObject({ output: { Error: 'Broken', Cause: expect.stringContaining('broken') } });
  });

  test('see an intrinsic that failed in the task', async () => {
    const { outcome } = await callsOf(
      {
        ResultSelector: { 'v.$': 'States.StringToJson($.Payload)' },
        Catch: [{ ErrorEquals: ['States.IntrinsicFailure'], Next: 'Repair' }],
      },
      [],
    );
    expect(outcome).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'States.IntrinsicFailure' } });
  });

  test('that cannot place the error fail the execution', async () => {
    const { outcome } = await callsOf(
      { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.keep.deeper', Next: 'Repair' }] },
      ['Broken'],
    );
    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.ResultPathMatchFailure' });
  });
});

test('an execution that overruns its TimeoutSeconds has timed out', async () => {
  expect(await runToEnd({ ...waiter({ Seconds: 3_600 }), TimeoutSeconds: 60 }, {})).toMatchObject({
    status: 'TIMED_OUT',
    error: 'States.Timeout',
  });
});

test('a loop that never waits ends instead of running for ever', async () => {
  const definition = {
    StartAt: 'A',
    States: {
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Choice', Choices: [{ Variable: '$.x', IsPresent: true, Next: 'C' }], Default: 'A' },
      C: { Type: 'Succeed' },
    },
  };
  expect(await runToEnd(definition, {})).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
});
