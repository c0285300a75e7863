import { describe, expect, it } from 'vitest';
import type { Cause, Signal, SignalName, SignalPart } from '../../../shared/domain/health/evaluation.ts';
import { explain } from '../../../shared/domain/health/explain.ts';
import { fuseSignals } from '../../../shared/domain/health/fuse-signals.ts';
import type { Former } from '../../../shared/domain/health/hysteresis.ts';
import { policyWith } from './late-flights.ts';

const policy = policyWith();
const since = '2001-02-07T00:00:00.000Z';
const evaluatedAt = '2001-02-08T00:00:00.000Z';

function part(name: string, effect: number | null, more: Partial<SignalPart> = {}): SignalPart {
  const verdict = effect === null ? 'insufficient-data' : effect >= 1 ? 'breach' : 'ok';
  return { name, value: null, reference: 0, evidence: null, verdict, reason: `${name} is ${verdict}`, effect, ...more };
}

function signal(name: SignalName, effect: number | null, parts: readonly SignalPart[] = []): Signal {
  const verdict = effect === null ? 'insufficient-data' : effect >= 1 ? 'breach' : 'ok';
  const score = effect === null ? null : Math.min(1, effect);
  const reason = effect === null ? 'needs 500 rows, has 120' : `${name} at ${effect}`;
  return { name, value: effect, unit: '', score, evidence: null, effect, n: 120, nNeeded: 500, verdict, reason, parts };
}

const healthy = [signal('predictionDrift', 0), signal('age', 0)];
const formerly = (cause: Cause, parts: readonly string[] = [], clearEvaluations = 0): Former => ({
  verdict: 'at-risk',
  causes: [cause],
  breaches: [{ cause, since, clearEvaluations, parts }],
  evaluatedAt: since,
});

function explained(signals: readonly Signal[], previous?: Former, coverageRatio = 0.98) {
  const sight = { coverageRatio, n: 11_213 };
  const fusion = fuseSignals({ policy, signals, sight, previous, evaluatedAt });
  return explain(policy, signals, fusion, coverageRatio);
}

describe('the explanation of a model at risk', () => {
  it('says which features, since when, and below what it clears', () => {
    const parts = [part('distance', 0.4), part('lateRate', 1.24), part('origin:missing', 1.6)];
    const drifting = [signal('performance', 0.1), signal('dataDrift', 1.6, parts), ...healthy];
    expect(explained(drifting, formerly('dataDrift', ['lateRate']))).toMatchObject({
      causes: [
        {
          cause: 'dataDrift',
          since,
          reason: 'dataDrift at 1.6',
          parts: [parts[2], parts[1]].map((one) => ({ name: one?.name })),
        },
      ],
      wouldChange: [
        'clears after 2 evaluations in a row with PSI of the missing rate of origin below 0.2 (now 0.4) and PSI of lateRate below 0.2 (now 0.31)',
      ],
    });
  });

  it('holds a feature to what its reference shows against itself, where that is more than the limit', () => {
    const parts = [part('lateRate', 1.5, { effectFloor: 0.4 })];
    const { wouldChange } = explained([signal('performance', 0), signal('dataDrift', 1.5, parts), ...healthy]);
    expect(wouldChange[0]).toContain('PSI of lateRate below 0.32 (now 0.6)');
  });

  it('tells the window and the segment of a part', () => {
    const parts = [part('lateRate', 1.2, { window: 'short', segment: 'carrier=AA' })];
    const { wouldChange } = explained([signal('performance', 0), signal('dataDrift', 1.2, parts), ...healthy]);
    expect(wouldChange[0]).toContain('PSI of lateRate (carrier=AA, short window) below 0.2 (now 0.3)');
  });

  it('counts what is left and names what has not come down far enough', () => {
    const parts = [part('lateRate', 0.9)];
    const drifting = [signal('performance', 0.1), signal('dataDrift', 0.9, parts), ...healthy];
    expect(explained(drifting, formerly('dataDrift', ['lateRate'], 1)).wouldChange).toEqual([
      'clears after 2 evaluations in a row with PSI of lateRate below 0.2 (now 0.225)',
    ]);
    const calm = [signal('performance', 0.1), signal('dataDrift', 0.1, [part('lateRate', 0.1)]), ...healthy];
    expect(explained(calm, formerly('dataDrift', ['lateRate'])).wouldChange).toEqual([
      'clears after 1 more evaluation like this one',
    ]);
  });

  it('asks for the outcomes without which a breach of performance cannot clear', () => {
    const blind = [signal('performance', null), signal('dataDrift', 0), ...healthy];
    expect(explained(blind, formerly('performance'), 0.62).wouldChange).toEqual([
      'clears after 2 evaluations in a row once performance is measured again (needs 500 rows, has 120)',
      'needs outcomes: coverage 0.62, trusted from 0.8',
    ]);
  });

  it('tells a high score by the score below which it clears', () => {
    const stale = [signal('performance', 0.7), signal('dataDrift', null), ...healthy];
    const { causes, wouldChange } = explained(stale, formerly('staleness-score'));
    expect(causes).toMatchObject([{ cause: 'staleness-score', since, parts: [] }]);
    expect(wouldChange[0]).toBe(
      'clears after 2 evaluations in a row with a staleness score below 0.48 (now 0.6, missing signals at their worst)',
    );
  });

  it('sends an old model to a new version', () => {
    const { signals } = policy;
    const strict = policyWith(() => ({ signals: { ...signals, age: { ...signals.age, decisive: true } } }));
    const old = [signal('performance', 0.1), signal('age', 1.2)];
    const fusion = fuseSignals({ policy: strict, signals: old, sight: { coverageRatio: 1, n: 9_000 }, evaluatedAt });
    expect(explain(strict, old, fusion, 1).wouldChange).toEqual([
      'clears with a version that is trained on newer data',
    ]);
  });
});

describe('the explanation of any other verdict', () => {
  it('says how near the nearest decisive limit and the score are', () => {
    const parts = [part('lateRate', 0.48), part('distance', 0.1)];
    const calm = [signal('performance', 0.1), signal('dataDrift', 0.48, parts), ...healthy];
    expect(explained(calm)).toEqual({
      causes: [],
      wouldChange: [
        'at risk with PSI of lateRate at 0.25 (now 0.12) and evidence for it',
        'at risk with a staleness score of 0.6 (now 0.17)',
      ],
    });
  });

  it('says how many more days would, where rows there are enough', () => {
    const parts = [part('amount', null, { n: 9_000, nNeeded: 2_000, blocks: { reference: 21, current: 5 } })];
    const { wouldChange } = explained([signal('performance', 0.1), signal('dataDrift', null, parts), ...healthy]);
    expect(wouldChange.at(-1)).toBe('3 more days would allow a verdict on amount');
  });

  it('says how many more rows would allow a verdict, the fewest first', () => {
    const parts = [
      part('amount', null, { n: 760, nNeeded: 2_000 }),
      part('origin', null, { n: 100, nNeeded: 500 }),
      part('carrier', null, { n: 100, nNeeded: null }),
    ];
    const { wouldChange } = explained([signal('performance', null), signal('dataDrift', 0.1, parts), ...healthy]);
    expect(wouldChange.slice(-3)).toEqual([
      '380 more rows would allow a verdict on performance',
      '400 more rows would allow a verdict on origin',
      '1,240 more rows would allow a verdict on amount',
    ]);
  });
});
