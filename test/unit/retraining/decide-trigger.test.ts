import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../../shared/domain/health/evaluation.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import { decideTrigger, type TriggerDecision } from '../../../shared/domain/retraining/decide-trigger.ts';
import { minuteMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { breach, day, deployedModel, evaluationOf, policyWith, registeredAt, signal } from './flight-models.ts';

function causes(decision: TriggerDecision): readonly string[] {
  return 'hold' in decision ? [] : decision.retrain.map(({ cause }) => cause);
}

function hold(decision: TriggerDecision): string {
  return 'hold' in decision ? decision.hold : '';
}

const now = day(5);
const healthy = evaluationOf([signal('performance'), signal('dataDrift')], now);
const worsened = evaluationOf([breach('performance'), signal('dataDrift')], now);
const drifted = evaluationOf([signal('performance'), breach('dataDrift')], now);

function withRetraining(change: Partial<ModelState['policy']['retraining']>): ModelState {
  return deployedModel({ policy: policyWith(({ retraining }) => ({ retraining: { ...retraining, ...change } })) });
}

describe('decideTrigger', () => {
  it('holds a healthy model', () => {
    expect(hold(decideTrigger(deployedModel(), healthy, now))).toContain('no signal that the policy acts on');
  });

  it('retrains on a breach of performance', () => {
    expect(causes(decideTrigger(deployedModel(), worsened, now))).toEqual(['performance']);
  });

  it.each(['dataDrift', 'predictionDrift'] as const)('retrains on a breach of %s', (name) => {
    expect(causes(decideTrigger(deployedModel(), evaluationOf([breach(name)], now), now))).toEqual(['drift']);
  });

  it('names both drift signals in one trigger', () => {
    const decision = decideTrigger(
      deployedModel(),
      evaluationOf([breach('dataDrift'), breach('predictionDrift')], now),
      now,
    );
    expect('retrain' in decision && decision.retrain.map(({ reason }) => reason)).toEqual([
      'dataDrift is in breach; predictionDrift is in breach',
    ]);
  });

  it('gives one trigger per cause when several hold at once', () => {
    const all = evaluationOf([breach('performance'), breach('dataDrift')], day(31));
    expect(causes(decideTrigger(deployedModel(), all, day(31)))).toEqual(['performance', 'drift', 'schedule']);
  });

  it('does nothing about a cause that the policy switched off', () => {
    expect(causes(decideTrigger(withRetraining({ onPerformance: false }), worsened, now))).toEqual([]);
    expect(causes(decideTrigger(withRetraining({ onDrift: false }), drifted, now))).toEqual([]);
  });

  it('does nothing about the breach of a signal that does not put the model at risk', () => {
    const indecisive = evaluationOf([breach('predictionDrift')], now, { verdict: 'healthy', causes: [] });
    expect(causes(decideTrigger(deployedModel(), indecisive, now))).toEqual([]);
  });

  it('retrains when the training data reach the age of the backstop, without any evaluation', () => {
    expect(causes(decideTrigger(deployedModel(), undefined, day(30)))).toEqual(['schedule']);
    expect(hold(decideTrigger(deployedModel(), undefined, toInstant(toMillis(day(30)) - 1)))).toBe('no evaluation yet');
  });

  it('records what a trigger rested on', () => {
    const decision = decideTrigger(deployedModel(), drifted, now);
    expect('retrain' in decision && decision.retrain).toMatchObject([
      {
        cause: 'drift',
        decidedAt: now,
        evaluationId: drifted.evaluationId,
        policyVersion: 1,
        inputs: {
          signals: [{ name: 'dataDrift', evidence: 1e-12, n: 11_000 }],
          limits: { dataDrift: { psiBreach: 0.25 } },
          trainingDataEnd: registeredAt,
          trainingDataAgeDays: 5,
          retrainingPolicy: { cooldownDays: 2, backstopDays: 30 },
        },
        reason: 'dataDrift is in breach',
      },
    ]);
  });
});

describe('an evaluation that no longer says how the champion is', () => {
  const { evaluationIntervalMinutes } = policyWith();
  const at = (minutes: number): Evaluation =>
    evaluationOf([breach('performance')], toInstant(toMillis(now) - minutes * minuteMillis));

  it('is acted on for two intervals', () => {
    expect(causes(decideTrigger(deployedModel(), at(2 * evaluationIntervalMinutes), now))).toEqual(['performance']);
    expect(hold(decideTrigger(deployedModel(), at(2 * evaluationIntervalMinutes + 1), now))).toBe(
      'the latest evaluation is 31 minutes old (acted on within 30)',
    );
  });

  it('is not acted on when it is of another version', () => {
    expect(hold(decideTrigger(deployedModel(), { ...worsened, version: 2 }, now))).toContain('of version 2');
  });

  it('is not acted on when it was made under another policy', () => {
    expect(hold(decideTrigger(deployedModel({ policyVersion: 2 }), worsened, now))).toContain('policy version 1');
  });

  it('does not keep the backstop from acting', () => {
    expect(causes(decideTrigger(deployedModel(), worsened, day(31)))).toEqual(['schedule']);
  });
});

describe('what holds a retrain', () => {
  const openRetrain = { retrainId: 'late-basic-r1', causes: ['drift'] as const, requestedAt: day(4) };
  const openRollout = { rolloutId: 'late-basic-o1', candidate: 2, startedAt: day(4) };

  it.each([
    ['an open retrain', { openRetrain }, 'retrain late-basic-r1 is open'],
    ['an open rollout', { openRollout }, 'rollout late-basic-o1 is open'],
    ['a rollback under way', { lifecycle: 'rollback' }, 'a rollback is under way'],
    ['deprecation', { lifecycle: 'deprecated' }, 'the model is deprecated'],
    [
      'the cooldown',
      { lastRetrainRequestedAt: day(3.5) },
      `cooldown until ${day(5.5)} (2 days after the last request)`,
    ],
  ] satisfies [string, Partial<ModelState>, string][])('%s', (_, state, reason) => {
    expect(hold(decideTrigger(deployedModel(state), worsened, now))).toBe(reason);
  });

  it('ends with the cooldown', () => {
    expect(causes(decideTrigger(deployedModel({ lastRetrainRequestedAt: day(3) }), worsened, now))).toEqual([
      'performance',
    ]);
  });

  it('holds the backstop too', () => {
    expect(hold(decideTrigger(deployedModel({ lastRetrainRequestedAt: day(39) }), undefined, day(40)))).toContain(
      'cooldown',
    );
  });

  it('is that nothing is deployed', () => {
    const { champion: _, ...registered } = deployedModel();
    expect(hold(decideTrigger(registered, worsened, now))).toBe('no version is deployed');
  });
});
