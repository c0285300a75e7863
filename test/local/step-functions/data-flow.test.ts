import { describe, expect, test, vi } from 'vitest';
import { runToEnd } from './harness.ts';

// asl-validator takes 0.2 s per machine; refusals.test.ts runs the real one.
vi.mock('asl-validator', () => ({ default: () => ({ isValid: true, errorsText: () => '' }) }));

const end = { End: true };
const pass = (fields: object) => ({ StartAt: 'A', States: { A: { Type: 'Pass', ...fields, ...end } } });
const template = (value: unknown) => pass({ Parameters: value });
const invoke = (fields: object) => ({
  StartAt: 'A',
  States: {
    A: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'f', Payload: { 'in.$': '$' } },
      ...fields,
      ...end,
    },
  },
});
const functions = { f: (event: unknown) => ({ doubled: Number(Object(Object(event).in).x) * 2 }) };

describe('where data goes', () => {
  const cases: readonly [name: string, definition: unknown, input: unknown, output: unknown][] = [
    ['Pass hands its input on', pass({}), { x: 1 }, { x: 1 }],
    ['Result replaces the input', pass({ Result: { y: 2 } }), { x: 1 }, { y: 2 }],
    [
      'ResultPath puts the result into the raw input',
      pass({ InputPath: '$.x', ResultPath: '$.a.b' }),
      { x: 1 },
      { x: 1, a: { b: 1 } },
    ],
    ['ResultPath null keeps the raw input', pass({ Result: 5, ResultPath: null }), { x: 1 }, { x: 1 }],
    [
      'ResultPath replaces one item of an array',
      pass({ Result: 5, ResultPath: '$.list[1]' }),
      { list: [1, 2, 3] },
      { list: [1, 5, 3] },
    ],
    ['InputPath null is an empty object', pass({ InputPath: null }), { x: 1 }, {}],
    ['OutputPath selects from the result', pass({ OutputPath: '$.x' }), { x: [1] }, [1]],
    ['OutputPath null is an empty object', pass({ OutputPath: null }), { x: 1 }, {}],
    [
      'the context object names execution, state and machine',
      template({
        'n.$': '$$.Execution.Name',
        'i.$': '$$.Execution.Input.x',
        's.$': '$$.State.Name',
        'm.$': '$$.StateMachine.Name',
        'e.$': '$$.State.EnteredTime',
        't.$': '$$.Execution.StartTime',
      }),
      { x: 1 },
      { n: 'first', i: 1, s: 'A', m: 'm', e: '2001-01-22T06:00:00.000Z', t: '2001-01-22T06:00:00.000Z' },
    ],
    [
      'Succeed ends with its input',
      { StartAt: 'A', States: { A: { Type: 'Succeed', OutputPath: '$.x' } } },
      { x: 1 },
      1,
    ],
    [
      'a task gives an envelope',
      invoke({}),
      { x: 4 },
      { ExecutedVersion: '$LATEST', StatusCode: 200, Payload: { doubled: 8 } },
    ],
    [
      'a task selects, places and filters its result',
      invoke({
        InputPath: '$.in',
        ResultSelector: { 'd.$': '$.Payload.doubled' },
        ResultPath: '$.out',
        OutputPath: '$.out',
      }),
      { in: { x: 4 } },
      { d: 8 },
    ],
    [
      'a function ARN gives the result without an envelope',
      {
        StartAt: 'A',
        States: {
          A: {
            Type: 'Task',
            Resource: 'arn:aws:lambda:eu-west-1:000000000000:function:f',
            Parameters: { 'in.$': '$' },
            End: true,
          },
        },
      },
      { x: 4 },
      { doubled: 8 },
    ],
    [
      'a function is found by its ARN and qualifier',
      invoke({
        Parameters: { FunctionName: 'arn:aws:lambda:eu-west-1:000000000000:function:f:live', 'Payload.$': '$' },
      }),
      { in: { x: 1 } },
      { ExecutedVersion: '$LATEST', StatusCode: 200, Payload: { doubled: 2 } },
    ],
  ];
  test.each(cases)('%s', async (_, definition, input, output) => {
    expect(await runToEnd(definition, input, { functions })).toEqual({ status: 'SUCCEEDED', output });
  });
});

describe('what cannot be read fails the execution', () => {
  const cases: readonly [name: string, definition: unknown, error: string][] = [
    ['a path without a value', template({ 'v.$': '$.nowhere' }), 'States.Runtime'],
    ['an InputPath without a value', pass({ InputPath: '$.nowhere' }), 'States.Runtime'],
    ['a ResultPath through a number', pass({ Result: 1, ResultPath: '$.x.y' }), 'States.ResultPathMatchFailure'],
    [
      'an intrinsic of the wrong type',
      template({ 'v.$': 'States.MathAdd($$.State.Name, 1)' }),
      'States.IntrinsicFailure',
    ],
    [
      'a result of more than 1 MiB',
      invoke({ ResultSelector: { 'v.$': '$.Payload.huge' } }),
      'States.DataLimitExceeded',
    ],
    ['a payload of a missing function', invoke({ Parameters: { Payload: {} } }), 'States.Runtime'],
  ];
  test.each(cases)('%s', async (_, definition, error) => {
    const huge = { f: () => ({ huge: 'x'.repeat(1_048_577) }) };
    expect(await runToEnd(definition, { x: 1 }, { functions: huge })).toMatchObject({ status: 'FAILED', error });
  });
});

test('Fail ends with its error and cause, also read from the input', async () => {
  const fixed = { StartAt: 'A', States: { A: { Type: 'Fail', Error: 'Refused', Cause: 'too old' } } };
  const read = {
    StartAt: 'A',
    States: { A: { Type: 'Fail', ErrorPath: '$.e', CausePath: "States.Format('because {}', $.c)" } },
  };
  expect(await runToEnd(fixed, {})).toEqual({ status: 'FAILED', error: 'Refused', cause: 'too old' });
  expect(await runToEnd(read, { e: 'Refused', c: 'age' })).toEqual({
    status: 'FAILED',
    error: 'Refused',
    cause: 'because age',
  });
});
