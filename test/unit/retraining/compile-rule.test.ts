import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policySchema } from '../../../shared/domain/registry/policy.ts';
import { checkRules } from '../../../shared/domain/retraining/rules/check-rules.ts';
import { compileRule } from '../../../shared/domain/retraining/rules/compile-rule.ts';
import { maximumWhenLength } from '../../../shared/domain/retraining/rules/rule.ts';
import { RuleFault } from '../../../shared/domain/retraining/rules/rule-fault.ts';
import { modelWith, rule, variables } from './rule-facts.ts';

const results = (when: string) => compileRule(when).evaluate(variables);
const fault = (when: string) => checkRules([rule(when)])[0];

describe('a condition', () => {
  it.each([
    'signals.performance.verdict == "breach"',
    'signals.performance.verdict in ["breach", "warning"] && confidence != "low"',
    'signals.dataDrift.value > 0.3 && signals.dataDrift.n >= 10000',
    'signals.dataDrift.n > 10.5',
    'signals.dataDrift.pValue < 0.6 && signals.dataDrift.nNeeded * 2 < signals.dataDrift.n',
    'model.tier <= 2 && model.team == "punctuality" && model.modelId.startsWith("late")',
    'model.modelId.matches("^late-.*$") && size(health.causes) == 1 && "performance" in health.causes',
    'calendar.weekday == "saturday" && calendar.hour == 0 && calendar.date < "2001-02-01"',
    'model.trainingDataAgeDays > 4.5 && model.trainingDataAgeDays <= double(signals.dataDrift.n)',
    'has(signals.performance) && !has(signals.age) && !has(signals.age.value) && !has(budget.limit)',
    '(calendar.isOffPeak ? model.tier : 1) == 2',
    'size(model.team) > 3 && model.tier % 2 == 0 && -model.tier < 0',
  ])('matches: %s', (when) => {
    expect(results(when)).toEqual({ result: 'match' });
  });

  it('that is false does not match', () => {
    expect(results('signals.performance.verdict == "ok"')).toEqual({ result: 'no-match' });
  });

  it.each([
    ['signals.age.value > 3.0', 'signals.age'],
    ['!(signals.age.value > 3.0)', 'signals.age'],
    ['signals.age.verdict != "ok"', 'signals.age'],
    ['budget.remaining < 100.0', 'budget.remaining'],
    ['signals.age.value > 3.0 || budget.remaining < 100.0', 'signals.age'],
    ['signals.age.value > 3.0 ? true : true', 'signals.age'],
  ])('that hangs on what is missing does not match, negated or not: %s', (when, path) => {
    expect(results(when)).toEqual({ result: 'missing', path });
  });

  it('is decided by what is there when that is enough', () => {
    expect(results('signals.age.value > 3.0 || model.tier == 2')).toEqual({ result: 'match' });
    expect(results('signals.age.value > 3.0 && model.tier == 1')).toEqual({ result: 'no-match' });
  });

  it.each(['1 / (model.tier - 2) > 0', 'signals.age.value > 1.0 || 1 / (model.tier - 2) > 0'])(
    'that cannot be evaluated is an error, not a match: %s',
    (when) => {
      expect(results(when)).toMatchObject({ result: 'error', reason: expect.stringContaining('divide by zero') });
    },
  );
});

describe('the check of a policy that is saved', () => {
  it.each([
    [
      'signals.performanc.verdict == "ok"',
      'unknown-name',
      8,
      'unknown signals "performanc", expected one of performance',
    ],
    ['signal.performance.verdict == "ok"', 'unknown-name', 1, 'unknown variable "signal"'],
    ['signals.performance.verdict == "breached"', 'unknown-name', 32, 'unknown value "breached", expected one of "ok"'],
    ['calendar.weekday in ["monday", "funday"]', 'unknown-name', 32, 'unknown value "funday"'],
    ['confidence != "sure"', 'unknown-name', 15, 'expected one of "high", "medium", "low", "none"'],
    ['"sure" == confidence', 'unknown-name', 1, 'unknown value "sure"'],
    ['signals.performance.value', 'type-mismatch', 1, 'the condition is double, expected bool'],
    ['signals.performance.value > "high"', 'type-mismatch', 29, 'string, expected int or double'],
    ['signals.performance.value + 1 > 2.0', 'type-mismatch', 29, 'double and int in one calculation'],
    ['model.tier == "2"', 'type-mismatch', 15, 'expected both of a kind'],
    ['signals.performance.value == null', 'type-mismatch', 30, 'has() says whether a value is there'],
    ['signals == signals', 'type-mismatch', 8, 'cannot be compared'],
    ['model.tier.size', 'type-mismatch', 11, 'int, which has no members'],
    ['signals["age"].value > 1.0', 'type-mismatch', 8, 'no index'],
    ['[1, 2].exists(x, x == model.tier)', 'type-mismatch', 0, 'loops'],
    ['model.tier in [1, "2"]', 'type-mismatch', 19, 'a list of int and string'],
    ['duration("1h") > duration("1m")', 'unknown-name', 0, 'unknown function "duration"'],
    ['model.team.matches("(")', 'type-mismatch', 20, 'RE2'],
    ['model.tier >', 'syntax', 0, 'is not expected here'],
    ['', 'syntax', 1, 'the end is not expected here'],
    [`${'('.repeat(100)}true${')'.repeat(100)}`, 'too-costly', 21, 'nested brackets'],
    [`true${' && true'.repeat(101)}`, 'too-costly', 0, 'more than 200 parts'],
  ])('refuses %s', (when, code, character, reason) => {
    const found = fault(when);
    expect(found).toMatchObject({ field: '/retraining/rules/0/when', code, reason: expect.stringContaining(reason) });
    expect(found?.reason).toContain('rule "a-rule"');
    if (character > 0) expect(found?.reason).toContain(`character ${character}:`);
  });

  it('names every rule that is wrong by its place', () => {
    const rules = [rule('true'), rule('nope', { name: 'second' }), rule('1', { name: 'third' })];
    expect(checkRules(rules).map(({ field }) => field)).toEqual([
      '/retraining/rules/1/when',
      '/retraining/rules/2/when',
    ]);
  });

  it('takes whatever it accepts to a result, and throws nothing but a fault at the rest', () => {
    const word = fc.constantFrom(
      'signals',
      'performance',
      '.',
      '.value',
      ' == ',
      ' && ',
      '"breach"',
      '1',
      '1.5',
      '(',
      ')',
      '!',
      'has(',
      ' in ',
      'model.tier',
      'confidence',
      ' > ',
      ' || ',
      '[',
      ']',
      ',',
      ' ? ',
      ' : ',
      ' / ',
      ' - ',
      'true',
      'signals.age.value',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const when = words.join('');
        try {
          expect(['match', 'no-match', 'missing', 'error']).toContain(results(when).result);
        } catch (error) {
          expect(error).toBeInstanceOf(RuleFault);
        }
      }),
      { numRuns: 1_500, seed: 20_010_122 },
    );
  });
});

describe('rules in a policy', () => {
  const retraining = (change: object) => {
    const { policy } = modelWith({});
    return policySchema.safeParse({ ...policy, retraining: { ...policy.retraining, ...change } });
  };

  it('are optional', () => {
    expect(retraining({}).success).toBe(true);
  });

  it.each([
    ['of one name', [rule('true'), rule('false')]],
    ['that take the name of the backstop', [rule('true', { name: 'backstop' })]],
    ['longer than their limit', [rule('t'.repeat(maximumWhenLength + 1))]],
    ['of more than twenty', Array.from({ length: 21 }, (_, index) => rule('true', { name: `r${index}` }))],
    ['of no known action', [{ ...rule('true'), then: 'explode' }]],
  ])('are refused: %s', (_, rules) => {
    expect(retraining({ rules }).success).toBe(false);
  });

  it('come with freezes, off-peak hours and budgets that make sense', () => {
    expect(retraining({ timeZone: 'Europe/Atlantis' }).success).toBe(false);
    expect(
      retraining({ freezes: [{ from: '2001-02-02T00:00:00Z', to: '2001-02-01T00:00:00Z', reason: 'audit' }] }).success,
    ).toBe(false);
    expect(retraining({ offPeak: { timeZone: 'Europe/Berlin', from: '25:00', to: '06:00' } }).success).toBe(false);
    expect(retraining({ budget: { currency: 'EUR' } }).success).toBe(false);
    expect(retraining({ budget: { currency: 'EUR', modelPerMonth: 100 } }).success).toBe(true);
  });
});
