import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Evaluation, signalNames } from '../../../shared/domain/health/evaluation.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import { decideTrigger } from '../../../shared/domain/retraining/decide-trigger.ts';
import {
  isNewDecision,
  recordDecision,
  replayDecision,
} from '../../../shared/domain/retraining/rules/decision-record.ts';
import { decisionWords } from '../../../shared/domain/retraining/rules/decision-words.ts';
import type { Freeze, OffPeakHours } from '../../../shared/domain/retraining/rules/retraining-windows.ts';
import { ruleActions } from '../../../shared/domain/retraining/rules/rule.ts';
import { weekdays } from '../../../shared/domain/retraining/rules/wall-clock.ts';
import { day, evaluationOf, signal } from './flight-models.ts';
import { formerTrigger } from './former-trigger.ts';
import { factsOf, modelWith, rule } from './rule-facts.ts';

const days = fc.double({ min: 0, max: 45, noNaN: true });
const verdicts = fc.constantFrom('ok' as const, 'warning' as const, 'breach' as const, 'insufficient-data' as const);
const maybe = fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: null });

const signals = fc
  .uniqueArray(fc.constantFrom(...signalNames), { maxLength: 6 })
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.record({ verdict: verdicts, value: maybe, evidence: maybe }).map((overrides) => signal(name, overrides)),
      ),
    ),
  );
const evaluations: fc.Arbitrary<Evaluation> = fc
  .record({ signals, at: days, version: fc.constantFrom(1, 1, 1, 2), policyVersion: fc.constantFrom(1, 1, 1, 2) })
  .map(({ signals: all, at, version, policyVersion }) => evaluationOf(all, day(at), { version, policyVersion }));
/** Evaluated a few minutes before or long ago. */
const moments = fc.tuple(evaluations, fc.constantFrom(0, 0.001, 0.02, 10)).map(([evaluation, later]) => ({
  evaluation,
  at: new Date(Date.parse(evaluation.evaluatedAt) + later * 86_400_000).toISOString(),
}));
const states: fc.Arbitrary<Partial<ModelState>> = fc.record(
  {
    lifecycle: fc.constantFrom('active' as const, 'at-risk' as const, 'rollback' as const, 'deprecated' as const),
    lastRetrainRequestedAt: days.map(day),
    openRollout: fc.constant({ rolloutId: 'late-basic-o1', candidate: 2, startedAt: day(1) }),
    openRetrain: fc.constant({ retrainId: 'late-basic-r1', causes: ['drift' as const], requestedAt: day(1) }),
  },
  { requiredKeys: [] },
);
const mostlyFree = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: states });

const conditions = fc.constantFrom(
  'true',
  'signals.performance.verdict == "breach"',
  'signals.dataDrift.value > 0.2 || signals.age.value > 0.1',
  'confidence == "high" && model.tier == 2',
  '1 / (calendar.hour - 12) > 0',
  '!has(signals.age) && calendar.weekday in ["saturday", "sunday"]',
  'budget.remaining < 10.0',
  'model.lastRetrainAgeDays > 3.0',
);
const ruleLists = fc
  .array(
    fc.record({ when: conditions, then: fc.constantFrom(...ruleActions), priority: fc.integer({ min: 1, max: 9 }) }),
    {
      maxLength: 6,
    },
  )
  .map((all) => all.map(({ when, ...overrides }, index) => rule(when, { ...overrides, name: `rule-${index}` })));
const windows = fc.record(
  {
    offPeak: fc.constant<OffPeakHours>({ timeZone: 'Europe/Berlin', days: [...weekdays], from: '22:00', to: '06:00' }),
    freezes: fc.constant<Freeze[]>([{ from: day(10), to: day(12), reason: 'the audit' }]),
    budget: fc.constant({ currency: 'EUR', modelPerMonth: 20 }),
  },
  { requiredKeys: [] },
);
const costs = fc.double({ min: 0, max: 40, noNaN: true }).map((EUR) => ({
  stageFreezes: [],
  costs: { team: 'punctuality', month: '2001-01', byModel: { 'late-basic': { EUR } } },
}));
const facts = fc
  .record({ rules: ruleLists, moment: moments, state: mostlyFree, retraining: windows, context: costs })
  .map(({ rules, moment, ...options }) => factsOf(rules, { ...moment, ...options }));

const runs = { numRuns: 400, seed: 20_010_122 };

describe('a policy without rules', () => {
  it('decides as it did before there were any', () => {
    const switches = fc.record({ onPerformance: fc.boolean(), onDrift: fc.boolean() });
    fc.assert(
      fc.property(moments, mostlyFree, switches, ({ evaluation, at }, state, retraining) => {
        const model = modelWith(retraining, state);
        const before = formerTrigger(model, evaluation, at);
        const now = decideTrigger(model, evaluation, at);
        if ('hold' in before) expect(now).toEqual(before);
        else
          expect(now).toMatchObject({
            retrain: before.retrain.map((trigger) => ({ ...trigger, inputs: expect.objectContaining(trigger.inputs) })),
          });
      }),
      runs,
    );
  });
});

describe('a decision record', () => {
  it('is made again to the last bit, also after it was stored', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const record = recordDecision(all);
        expect(replayDecision(record)).toMatchObject({ isIdentical: true, differences: [] });
        expect(replayDecision(JSON.parse(JSON.stringify(record)))).toMatchObject({ isIdentical: true });
      }),
      runs,
    );
  });

  it('shows when it was tampered with', () => {
    const record = recordDecision(factsOf([rule('true')]));
    const tampered = { ...record, decision: { ...record.decision, action: 'nothing' as const } };
    expect(replayDecision(tampered)).toMatchObject({ isIdentical: false, differences: ['action'] });
  });

  it('is a retrain only by a rule that matched, with nothing that holds it and no error before', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const { decision } = recordDecision(all);
        if (decision.action !== 'retrain') return;
        expect(decision.matched.length).toBeGreaterThan(0);
        expect(all.state.openRetrain ?? all.state.openRollout).toBeUndefined();
        const first = decision.asked.findIndex(({ result }) => result === 'match' || result === 'error');
        expect(decision.asked[first]?.result).toBe('match');
      }),
      runs,
    );
  });

  it('is told in one sentence whatever it is', () => {
    fc.assert(
      fc.property(facts, (all) => {
        expect(decisionWords(recordDecision(all))).toMatch(/^\w[^\n]* because \S/);
      }),
      runs,
    );
  });

  it('is kept when it says something new', () => {
    const hold = recordDecision(factsOf([], { at: day(5) }));
    const later = recordDecision(factsOf([], { at: day(5.001) }));
    const alert = recordDecision(factsOf([rule('true', { then: 'alert' })], { at: day(5.002) }));
    expect(isNewDecision(undefined, hold)).toBe(true);
    expect(isNewDecision(hold, later)).toBe(false);
    expect(isNewDecision(hold, alert)).toBe(true);
    expect(isNewDecision(alert, alert)).toBe(false);
  });
});
