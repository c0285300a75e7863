import { describe, expect, it } from 'vitest';
import { decideTrigger } from '../../../shared/domain/retraining/decide-trigger.ts';
import { decideRetraining } from '../../../shared/domain/retraining/rules/decide-retraining.ts';
import { recordDecision } from '../../../shared/domain/retraining/rules/decision-record.ts';
import { decisionWords } from '../../../shared/domain/retraining/rules/decision-words.ts';
import { parseStageFreeze } from '../../../shared/domain/retraining/rules/retraining-windows.ts';
import { breach, day, evaluationOf, signal } from './flight-models.ts';
import { factsOf, modelWith, now, rule, worsened } from './rule-facts.ts';

const yes = (name: string, priority: number, overrides = {}) => rule('true', { name, priority, ...overrides });

describe('the first rule that matches', () => {
  it('decides, by priority and then by place', () => {
    const rules = [yes('late', 30, { then: 'nothing' }), yes('first', 10, { then: 'alert' }), yes('second', 10)];
    expect(decideRetraining(factsOf(rules))).toMatchObject({ action: 'alert', matched: [{ name: 'first' }] });
  });

  it('says nothing when the owner wants nothing', () => {
    const rules = [yes('quiet', 1, { then: 'nothing', reason: 'it is replaced in june' }), yes('retrain', 2)];
    const record = recordDecision(factsOf(rules));
    expect(record.decision.action).toBe('nothing');
    expect(decisionWords(record)).toBe('left alone because it is replaced in june (rule quiet)');
  });

  it('is joined by later ones that ask for a retrain too', () => {
    const rules = [
      yes('one', 1),
      rule('false', { name: 'two', priority: 2 }),
      yes('three', 3),
      yes('four', 4, { then: 'alert' }),
    ];
    expect(decideRetraining(factsOf(rules)).matched.map(({ name }) => name)).toEqual(['one', 'three']);
  });

  it('leaves what every rule said', () => {
    const rules = [rule('signals.age.value > 1.0', { name: 'missing' }), rule('model.tier == 1', { name: 'false' })];
    expect(decideRetraining(factsOf(rules)).asked).toEqual([
      { name: 'missing', result: 'missing', path: 'signals.age' },
      { name: 'false', result: 'no-match' },
      { name: 'backstop', result: 'no-match' },
    ]);
  });

  it('proposes deprecation', () => {
    expect(decideRetraining(factsOf([yes('old', 1, { then: 'propose-deprecation' })])).action).toBe(
      'propose-deprecation',
    );
  });
});

describe('a rule that cannot be evaluated', () => {
  const broken = rule('1 / (model.tier - 2) == 1', { name: 'broken', priority: 5 });

  it('holds, and never retrains, not even for the backstop', () => {
    for (const at of [now, day(31)]) {
      const decision = decideRetraining(factsOf([broken, yes('retrain', 9)], { at }));
      expect(decision).toMatchObject({ action: 'hold', holdKind: 'rule-error', matched: [] });
      expect(decision.reason).toContain('rule broken cannot be evaluated');
    }
  });

  it('does not matter after another has decided', () => {
    expect(decideRetraining(factsOf([yes('retrain', 1), broken])).action).toBe('retrain');
  });

  it('holds when a variable it names is no longer known', () => {
    const facts = factsOf([rule('signals.forgotten.value > 1.0')]);
    expect(decideRetraining(facts)).toMatchObject({ action: 'hold', holdKind: 'rule-error' });
  });
});

describe('the backstop', () => {
  it('counts under any rules', () => {
    expect(decideRetraining(factsOf([], { at: day(30) }))).toMatchObject({
      action: 'retrain',
      matched: [{ name: 'backstop' }],
    });
    expect(decideRetraining(factsOf([], { at: day(29.9) })).action).toBe('hold');
    expect(decideRetraining(factsOf([yes('quiet', 1, { then: 'nothing' })], { at: day(30) })).action).toBe('retrain');
  });

  it('does not swallow an alert', () => {
    const decision = decideRetraining(factsOf([yes('alarm', 1, { then: 'alert' })], { at: day(30) }));
    expect(decision).toMatchObject({ action: 'retrain', besides: { name: 'alarm', then: 'alert' } });
  });
});

describe('what holds a retrain', () => {
  const retrain = [yes('retrain', 1)];
  const freeze = { from: day(4), to: day(6), reason: 'the audit' };

  it.each([
    ['cooldown', { state: { lastRetrainRequestedAt: day(4) } }],
    [
      'open-retrain',
      { state: { openRetrain: { retrainId: 'late-basic-r1', causes: ['drift' as const], requestedAt: day(4) } } },
    ],
    ['freeze', { retraining: { freezes: [freeze] } }],
    ['freeze', { context: { stageFreezes: [freeze], costs: undefined } }],
    [
      'off-peak',
      { retraining: { offPeak: { timeZone: 'UTC', days: ['monday' as const], from: '22:00', to: '06:00' } } },
    ],
  ])('%s', (holdKind, options) => {
    const decision = decideRetraining(factsOf(retrain, options));
    expect(decision).toMatchObject({ action: 'hold', holdKind, matched: [{ name: 'retrain' }] });
  });

  it('is set for a whole stage by an interval and a reason', () => {
    expect(parseStageFreeze('none')).toEqual([]);
    const [freeze] = parseStageFreeze('2026-12-20T00:00:00Z/2027-01-03T00:00:00Z the long holidays');
    expect(freeze).toMatchObject({ to: '2027-01-03T00:00:00.000Z', reason: 'the long holidays' });
    expect(() => parseStageFreeze('2027-12-20T00:00:00Z/2027-01-03T00:00:00Z backwards')).toThrow('after');
  });

  it('holds no alert', () => {
    const alert = [yes('alarm', 1, { then: 'alert' })];
    expect(decideRetraining(factsOf(alert, { retraining: { freezes: [freeze] } })).action).toBe('alert');
  });

  it('ends: a freeze at its end, off-peak hours by the clock of their zone', () => {
    expect(decideRetraining(factsOf(retrain, { retraining: { freezes: [{ ...freeze, to: now }] } })).action).toBe(
      'retrain',
    );
    // 2001-01-27T00:00Z is Saturday 09:00 in Tokyo.
    const tokyo = { timeZone: 'Asia/Tokyo', days: ['saturday' as const], from: '09:00', to: '10:00' };
    expect(decideRetraining(factsOf(retrain, { retraining: { offPeak: tokyo } })).action).toBe('retrain');
    expect(
      decideRetraining(factsOf(retrain, { retraining: { offPeak: { ...tokyo, to: '09:30', from: '09:01' } } })).action,
    ).toBe('hold');
  });

  it('is a budget that is spent, the model’s or the team’s, in its own currency', () => {
    const costs = {
      team: 'punctuality',
      month: '2001-01',
      byModel: { 'late-basic': { EUR: 60, USD: 900 }, 'late-live': { EUR: 45 } },
    };
    const decided = (budget: { currency: string; modelPerMonth?: number; teamPerMonth?: number }) =>
      decideRetraining(factsOf(retrain, { retraining: { budget }, context: { stageFreezes: [], costs } }));
    expect(decided({ currency: 'EUR', modelPerMonth: 61, teamPerMonth: 106 }).action).toBe('retrain');
    expect(decided({ currency: 'EUR', modelPerMonth: 60 })).toMatchObject({
      action: 'hold',
      holdKind: 'budget',
      reason: 'the model has spent 60 of 60 EUR of training cost this month',
    });
    expect(decided({ currency: 'EUR', teamPerMonth: 105 }).reason).toContain(
      'team punctuality has spent 105 of 105 EUR',
    );
  });

  it('is told in words with the rule that asked', () => {
    const record = recordDecision(factsOf(retrain, { retraining: { freezes: [freeze] } }));
    expect(decisionWords(record)).toBe(
      `held because this model is frozen until ${day(6)}: the audit; rule retrain asks for a retrain`,
    );
  });

  it('has an id of its facts: of one moment there may be two', () => {
    const [frozen, free] = [{ freezes: [freeze] }, {}].map(
      (retraining) => recordDecision(factsOf(retrain, { retraining })).decisionId,
    );
    expect(free).not.toBe(frozen);
    expect(recordDecision(factsOf(retrain)).decisionId).toBe(free);
  });
});

describe('the trigger of a rule', () => {
  it('says what the owner wants, what the signals say, and which rule it was', () => {
    const when = 'signals.performance.verdict == "breach" && signals.dataDrift.value > 0.3';
    const model = modelWith({ rules: [rule(when, { name: 'both', reason: 'worse and elsewhere' })] });
    expect(decideTrigger(model, worsened, now)).toMatchObject({
      retrain: [
        {
          cause: 'policy',
          evaluationId: worsened.evaluationId,
          reason: 'worse and elsewhere; performance is in breach',
          inputs: { rules: [{ name: 'both', when }], decisionId: expect.stringContaining(`late-basic-d-${now}-`) },
        },
      ],
    });
  });

  it('can act on a warning, before the model is at risk', () => {
    const model = modelWith({ rules: [rule('signals.dataDrift.verdict in ["warning", "breach"] && model.tier <= 2')] });
    const warned = evaluationOf([signal('dataDrift', { verdict: 'warning', reason: 'PSI 0.15' })], now);
    expect(decideTrigger(model, warned, now)).toMatchObject({
      retrain: [{ reason: 'the owner wants it so; PSI 0.15' }],
    });
  });

  it('counts no evaluation that does not say how the champion is', () => {
    const model = modelWith({ rules: [rule('signals.dataDrift.verdict == "breach"')] });
    const old = evaluationOf([breach('dataDrift')], day(4));
    expect(decideTrigger(model, old, now)).toMatchObject({ hold: expect.stringContaining('minutes old') });
  });
});
