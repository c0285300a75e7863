import { describe, expect, it } from 'vitest';
import { compileMetricMath } from '../../../local/cloudwatch/metric-math.ts';

const points: Readonly<Record<string, number | undefined>> = { a: 6, b: 3, zero: 0, gone: undefined };
const evaluate = (text: string) => compileMetricMath(text)((id) => points[id]);

describe('metric math', () => {
  it.each([
    ['a + b * 2', 12],
    ['(a + b) * 2', 18],
    ['-a + b', -3],
    ['a - b - 1', 2],
    ['FILL(gone, 0) + b', 3],
    ['IF(a > 5 AND b < 4, 1, 0)', 1],
    ['IF(a > 5 && b >= 4 || zero, 1, 0)', 0],
    ['IF(FILL(gone, 0) >= 20, gone / a, 0)', 0],
    ['MAX([a, b, gone])', 6],
    ['MIN([a, b])', 3],
    ['SUM([a, b])', 9],
    ['a == 6', 1],
    ['a != 6', 0],
  ])('%s is %d', (text, expected) => expect(evaluate(text)).toBe(expected));

  it.each(['gone + 1', 'a / zero', 'IF(gone, 1, 0)', 'IF(zero, 1)', 'MAX([gone])'])('%s is missing', (text) => {
    expect(evaluate(text)).toBeUndefined();
  });

  it.each([
    ["SEARCH('{AWS/Lambda}', 'Sum')", /cannot read '/],
    ['RATE(a)', /RATE with 1 parameters is not emulated/],
    ['FILL(a, REPEAT)', /FILL with 2 parameters is not emulated/],
    ['a +', /expected a value, got its end/],
    ['a b', /expected its end, got b/],
    ['NOT a', /operator NOT is not emulated/],
  ])('%s is refused with its reason', (text, reason) => expect(() => compileMetricMath(text)).toThrow(reason));
});
