import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../../../local/step-functions/payload-template.ts';

const read = (template: unknown, data: unknown) =>
  compileTemplate(template)({ data, context: { Execution: { Name: 'first' } } });

describe('a template gives', () => {
  const cases: readonly [name: string, template: unknown, data: unknown, value: unknown][] = [
    ['quoted fields and indexes', { 'v.$': "$['a b'].c[1]" }, { 'a b': { c: [1, 2] } }, { v: 2 }],
    [
      'values nested in objects and arrays',
      { list: [{ 'x.$': '$.x' }, 3], k: null },
      { x: 1 },
      { list: [{ x: 1 }, 3], k: null },
    ],
    ['the context object', { 'v.$': '$$.Execution.Name' }, {}, { v: 'first' }],
    [
      'formatted text',
      { 'v.$': "States.Format('{}/{} {} it\\'s', $.a, 3, $.b)" },
      { a: 'x', b: [1] },
      { v: "x/3 [1] it's" },
    ],
    [
      'JSON to text and back',
      { 'v.$': 'States.StringToJson(States.JsonToString($.a))' },
      { a: { b: [null] } },
      { v: { b: [null] } },
    ],
    ['sums', { 'v.$': 'States.MathAdd($.a, -1)' }, { a: 3 }, { v: 2 }],
    [
      'arrays',
      { 'v.$': 'States.Array(1, true, null, $.a)', 'none.$': 'States.Array()' },
      { a: 'x' },
      { v: [1, true, null, 'x'], none: [] },
    ],
    [
      'lengths and items',
      { 'n.$': 'States.ArrayLength($)', 'i.$': 'States.ArrayGetItem($, States.MathAdd(0, 1))' },
      [7, 8],
      { n: 2, i: 8 },
    ],
  ];
  test.each(cases)('%s', (_, template, data, value) => {
    expect(read(template, data)).toEqual(value);
  });
});

describe('a template cannot give', () => {
  const cases: readonly [name: string, expression: string, error: string][] = [
    ['what is not there', '$.a.b', 'States.Runtime'],
    ['an item of something else than an array', '$.a[0]', 'States.Runtime'],
    ['inherited properties', '$.toString', 'States.Runtime'],
    ['JSON from other text', "States.StringToJson('{')", 'States.IntrinsicFailure'],
    ['text with fewer values than places', "States.Format('{} {}', 1)", 'States.IntrinsicFailure'],
    ['an item past the end', 'States.ArrayGetItem(States.Array(1), 1)', 'States.IntrinsicFailure'],
    ['a sum of words', 'States.MathAdd($.a, 1)', 'States.IntrinsicFailure'],
    ['the length of a word', 'States.ArrayLength($.a)', 'States.IntrinsicFailure'],
  ];
  test.each(cases)('%s', (_, expression, error) => {
    expect(() => read({ 'v.$': expression }, { a: 'x' })).toThrow(expect.objectContaining({ error }));
  });
});
