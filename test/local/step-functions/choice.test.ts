import { describe, expect, test } from 'vitest';
import { compileRule } from '../../../local/step-functions/choice-rule.ts';
import { runToEnd } from './harness.ts';

const noon = '2001-01-22T12:00:00Z';
const input = { n: 5, m: 7, s: 'canary', t: noon, b: true, z: null, list: [1] };
const is = (operator: string, value: unknown, path = '$.n') => ({ Variable: path, [operator]: value });

describe('a rule holds or does not', () => {
  const cases: readonly [rule: object, holds: boolean][] = [
    [is('NumericEquals', 5), true],
    [is('NumericEquals', 6), false],
    [is('NumericLessThan', 6), true],
    [is('NumericLessThan', 5), false],
    [is('NumericLessThanEquals', 5), true],
    [is('NumericGreaterThan', 4.5), true],
    [is('NumericGreaterThan', 5), false],
    [is('NumericGreaterThanEquals', 5), true],
    [is('NumericLessThanPath', '$.m'), true],
    [is('NumericEqualsPath', '$.m'), false],
    [is('NumericEquals', 5, '$.s'), false],
    [is('StringEquals', 'canary', '$.s'), true],
    [is('StringEquals', 'Canary', '$.s'), false],
    [is('StringEqualsPath', '$.s', '$.s'), true],
    [is('StringLessThan', 'd', '$.s'), true],
    [is('StringGreaterThanEquals', 'canary', '$.s'), true],
    [is('StringMatches', 'can*', '$.s'), true],
    [is('StringMatches', 'can', '$.s'), false],
    [is('StringMatches', 'c\\*', '$.s'), false],
    [is('StringMatches', '*', '$.n'), false],
    [is('BooleanEquals', true, '$.b'), true],
    [is('BooleanEquals', false, '$.b'), false],
    [is('BooleanEqualsPath', '$.b', '$.b'), true],
    [is('TimestampEquals', '2001-01-22T13:00:00+01:00', '$.t'), true],
    [is('TimestampLessThan', '2001-01-22T12:00:01Z', '$.t'), true],
    [is('TimestampGreaterThan', '2001-01-22T12:00:01Z', '$.t'), false],
    [is('TimestampLessThanEquals', noon, '$.t'), true],
    [is('TimestampGreaterThanEqualsPath', '$.t', '$.t'), true],
    [is('TimestampEquals', noon, '$.s'), false],
    [is('IsPresent', true), true],
    [is('IsPresent', true, '$.absent'), false],
    [is('IsPresent', false, '$.absent.deeper'), true],
    [is('IsNull', true, '$.z'), true],
    [is('IsNull', false, '$.n'), true],
    [is('IsString', true, '$.s'), true],
    [is('IsNumeric', true, '$.s'), false],
    [is('IsBoolean', true, '$.b'), true],
    [is('IsTimestamp', true, '$.t'), true],
    [is('IsTimestamp', true, '$.s'), false],
    [{ Not: is('NumericEquals', 5) }, false],
    [{ And: [is('NumericEquals', 5), is('IsNull', true, '$.z')] }, true],
    [{ And: [is('NumericEquals', 5), is('NumericEquals', 6)] }, false],
    [{ Or: [is('NumericEquals', 6), { Not: is('NumericEquals', 6) }] }, true],
    [{ Or: [is('NumericEquals', 6), is('NumericEquals', 7)] }, false],
    [{ And: [is('IsPresent', true, '$.absent'), is('NumericEquals', 1, '$.absent')] }, false],
  ];
  test.each(cases)('%j → %s', (rule, holds) => {
    expect(compileRule(rule)({ data: input, context: {} })).toBe(holds);
  });
});

test('a variable that is not there is an error, unless its presence is asked for', () => {
  expect(() => compileRule(is('NumericEquals', 6, '$.absent'))({ data: input, context: {} })).toThrow(
    /invalid path '\$.absent'/,
  );
});

function chooser(choices: readonly object[], others: object) {
  return { StartAt: 'Choose', States: { Choose: { Type: 'Choice', Choices: choices }, ...others } };
}

test('no rule and no default is States.NoChoiceMatched', async () => {
  const definition = chooser([{ ...is('NumericEquals', 6), Next: 'A' }], { A: { Type: 'Succeed' } });
  expect(await runToEnd(definition, input)).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
});

test('the first rule that holds decides, and the input goes on unchanged', async () => {
  const rules = [
    { ...is('NumericEquals', 6), Next: 'A' },
    { ...is('NumericEquals', 5), Next: 'B' },
    { ...is('NumericEquals', 5), Next: 'A' },
  ];
  const definition = chooser(rules, { A: { Type: 'Fail' }, B: { Type: 'Succeed' } });
  expect(await runToEnd(definition, input)).toEqual({ status: 'SUCCEEDED', output: input });
});
