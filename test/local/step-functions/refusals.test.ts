import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createWorld, machine } from './harness.ts';

const invoke = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'f' },
  End: true,
};
const only = (state: object, top: object = {}) => ({ StartAt: 'A', States: { A: state }, ...top });
const end = { End: true };

describe('what the engine does not run is refused by machine, state and field', () => {
  const cases: readonly [name: string, definition: object, message: RegExp][] = [
    [
      'Map',
      only({ Type: 'Map', ItemProcessor: only({ Type: 'Succeed' }), ...end }),
      /state machine m, state A, field Type: unsupported state type "Map"/,
    ],
    ['Parallel', only({ Type: 'Parallel', Branches: [], ...end }), /state A, field Type: .*"Parallel"/],
    ['JSONata in a state', only({ Type: 'Pass', QueryLanguage: 'JSONata', ...end }), /state A, field QueryLanguage/],
    [
      'JSONata in the machine',
      only({ Type: 'Pass', ...end }, { QueryLanguage: 'JSONata' }),
      /machine m, field QueryLanguage/,
    ],
    ['Assign', only({ ...invoke, Assign: {} }), /state A, field Assign: not supported/],
    ['Arguments', only({ ...invoke, Arguments: {} }), /state A, field Arguments: not supported/],
    ['Credentials', only({ ...invoke, Credentials: {} }), /state A, field Credentials/],
    [
      'another service',
      only({ ...invoke, Resource: 'arn:aws:states:::dynamodb:getItem' }),
      /state A, field Resource: unsupported resource ".*dynamodb:getItem"/,
    ],
    [
      'a synchronous child',
      only({ ...invoke, Resource: 'arn:aws:states:::states:startExecution.sync:2' }),
      /state A, field Resource/,
    ],
    [
      'a message to a queue',
      only({ ...invoke, Resource: 'arn:aws:states:::sqs:sendMessage' }),
      /state A, field Resource: unsupported resource/,
    ],
    [
      'a wildcard path',
      only({ Type: 'Pass', InputPath: '$.list[*]', ...end }),
      /state A, field InputPath.*unsupported path/,
    ],
    ['a descending path', only({ Type: 'Pass', OutputPath: '$..x', ...end }), /state A, field OutputPath/],
    [
      'a random id',
      only({ Type: 'Pass', Parameters: { a: { 'b.$': 'States.UUID()' } }, ...end }),
      /state A, field Parameters: unsupported intrinsic States.UUID/,
    ],
    [
      'an unreadable intrinsic',
      only({ Type: 'Pass', Parameters: { 'b.$': "States.Format('{}'" }, ...end }),
      /state A, field Parameters/,
    ],
    [
      'too few arguments',
      only({ Type: 'Pass', Parameters: { 'b.$': 'States.MathAdd(1)' }, ...end }),
      /state A, field Parameters: States.MathAdd received 1/,
    ],
    [
      'jitter',
      only({ ...invoke, Retry: [{ ErrorEquals: ['X'], JitterStrategy: 'FULL' }] }),
      /state A, field Retry.0.JitterStrategy/,
    ],
    [
      'an unknown operator',
      only({ Type: 'Choice', Choices: [{ Variable: '$.x', NumericNear: 1, Next: 'A' }] }),
      /state A, field Choices.0: unsupported choice operator NumericNear/,
    ],
    [
      'an order of booleans',
      only({ Type: 'Choice', Choices: [{ Variable: '$.x', BooleanLessThan: true, Next: 'A' }] }),
      /unsupported choice operator/,
    ],
    [
      'two operators in one rule',
      only({ Type: 'Choice', Choices: [{ Variable: '$.x', IsNull: true, IsString: true, Next: 'A' }] }),
      /expected one operator/,
    ],
    [
      'a comparison with another type',
      only({ Type: 'Choice', Choices: [{ Variable: '$.x', NumericEquals: '1', Next: 'A' }] }),
      /NumericEquals received "1"/,
    ],
    ['a state that does not exist', only({ Type: 'Pass', Next: 'B' }), /state machine m, .*MISSING_TRANSITION_TARGET/],
    [
      'two kinds of wait',
      only({ Type: 'Wait', Seconds: 1, SecondsPath: '$.x', ...end }),
      /state machine m, .*WAIT_DURATION/,
    ],
    ['a plain wait', only({ Type: 'Wait', ...end }), /state machine m, /],
  ];
  test.each(cases)('%s', (_, definition, message) => {
    expect(() => createWorld([machine('m', definition)])).toThrow(message);
  });

  test('an express workflow', () => {
    const { properties, ...rest } = machine('m', only({ Type: 'Succeed' }));
    expect(() => createWorld([{ ...rest, properties: { ...properties, StateMachineType: 'EXPRESS' } }])).toThrow(
      /StateMachineType/,
    );
  });
});

test('substitutions fill the placeholders of the definition', async () => {
  const definition = only({ ...invoke, Parameters: { FunctionName: `\${${'Worker'}}`, Payload: `\${${'Unknown'}}` } });
  const seen: unknown[] = [];
  const world = createWorld([machine('m', definition, { Worker: 'f' })], {
    functions: { f: (event) => void seen.push(event) },
  });
  await world.start('m', {});
  await world.drain();
  expect(seen).toEqual([`\${${'Unknown'}}`]);
});

const folder = new URL('../../../state-machines/', import.meta.url);
const arns = {
  function: 'arn:aws:lambda:eu-west-1:000000000000:function:f',
  machine: 'arn:aws:states:eu-west-1:000000000000:stateMachine:other',
};

describe('the product’s workflows load', () => {
  test.each(readdirSync(folder).filter((name) => name.endsWith('.asl.json')))('%s', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8').replace(/\$\{(\w+)\}/g, (_, name: string) =>
      /workflow|machine/i.test(name) ? arns.machine : arns.function,
    );
    expect(() => createWorld([machine(file, JSON.parse(text))])).not.toThrow();
  });
});
