import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidenceOf } from '../../../shared/domain/health/confidence.ts';
import type { Cause, Evaluation, Signal, SignalName } from '../../../shared/domain/health/evaluation.ts';
import { type Fusion, fuseSignals } from '../../../shared/domain/health/fuse-signals.ts';
import type { Former } from '../../../shared/domain/health/hysteresis.ts';
import { statusToReport } from '../../../shared/domain/health/status-to-report.ts';
import { summarize } from '../../../shared/domain/health/summarize.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import { policyWith } from './late-flights.ts';

const policy = policyWith();
const names = ['performance', 'dataDrift', 'predictionDrift', 'age'] as const satisfies readonly SignalName[];
const fullSight = { coverageRatio: 0.98, n: 11_213 };

function signal(name: SignalName, score: number | null): Signal {
  const verdict = score === null ? 'insufficient-data' : score >= 1 ? 'breach' : score >= 0.5 ? 'warning' : 'ok';
  const reason = score === null ? 'needs 500 rows, has 120' : `${name} at ${score}`;
  return {
    name,
    value: score,
    unit: '',
    score,
    evidence: null,
    effect: score,
    n: 11_213,
    nNeeded: 500,
    verdict,
    reason,
    parts: [],
  };
}

/** Scores in the order performance, data drift, prediction drift, age. */
function signals(...scores: readonly (number | null)[]): readonly Signal[] {
  return names.map((name, i) => signal(name, scores[i] ?? null));
}

const before = '2001-02-07T12:00:00.000Z';
const evaluatedAt = '2001-02-08T00:00:00.000Z';

function fuse(found: readonly Signal[], previous?: Former): Fusion {
  return fuseSignals({ policy, signals: found, sight: fullSight, previous, evaluatedAt });
}

/** As an evaluation before would have left it. */
function atRiskBy(...causes: readonly Cause[]): Former {
  return { verdict: 'at-risk', causes, evaluatedAt: before };
}

/** What comes of these in turn, each half a day after the one before. */
function inTurn(evaluations: readonly (readonly Signal[])[], former?: Former, of: Policy = policy): readonly Fusion[] {
  let previous = former;
  return evaluations.map((found, i) => {
    const at = new Date(Date.parse(evaluatedAt) + i * 43_200_000).toISOString();
    const fusion = fuseSignals({ policy: of, signals: found, sight: fullSight, previous, evaluatedAt: at });
    previous = { ...fusion, evaluatedAt: at };
    return fusion;
  });
}

describe('fuseSignals', () => {
  it('means the scores by their weights', () => {
    // Weights 4, 2, 1, 1.
    const fusion = fuse(signals(0.25, 0.5, 0, 0.5));
    expect(fusion).toMatchObject({ verdict: 'healthy', causes: [], stalenessScore: 0.3125 });
  });

  it('is at risk when one decisive signal breaches, however well the others are', () => {
    expect(fuse(signals(0, 1, 0, 0))).toMatchObject({ verdict: 'at-risk', causes: ['dataDrift'] });
  });

  it('is not at risk when a signal that is not decisive breaches', () => {
    expect(fuse(signals(0, 0, 1, 1))).toMatchObject({ verdict: 'healthy', stalenessScore: 0.25 });
  });

  it('is at risk when the score reaches its threshold without any breach', () => {
    expect(fuse(signals(0.7, 0.7, 0.5, 0.5))).toMatchObject({ verdict: 'at-risk', causes: ['staleness-score'] });
  });

  it('leaves a missing signal out of the score, and says so in the confidence', () => {
    const fusion = fuse(signals(null, 0.4, 0, 0.8));
    expect(fusion.stalenessScore).toBeCloseTo(0.4, 12);
    expect(fusion).toMatchObject({
      verdict: 'healthy',
      confidence: { level: 'medium', reasons: ['no performance: needs 500 rows, has 120'] },
    });
  });

  it('is unknown when nothing but the age can be measured, even an old one', () => {
    expect(fuse(signals(null, null, null, 1))).toMatchObject({
      verdict: 'unknown',
      causes: [],
      confidence: { level: 'low' },
    });
    expect(fuse(signals(null, null, null, null))).toMatchObject({ verdict: 'unknown', stalenessScore: null });
  });

  it('keeps a breach when its signal is lost', () => {
    expect(fuse(signals(null, 0, 0, 0), atRiskBy('performance'))).toMatchObject({
      verdict: 'at-risk',
      causes: ['performance'],
    });
  });

  it('does not call a model healthy of which only an estimate, its age and models downstream are known', () => {
    const known = [signal('estimatedPerformance', 0), signal('downstreamHealth', 0), signal('trainServeSkew', 0)];
    expect(fuse([...signals(null, null, null, 0), ...known])).toMatchObject({ verdict: 'unknown' });
  });

  it('lists what each signal adds to the score', () => {
    const { contributions, stalenessScore } = fuse(signals(0.25, 0.5, null, 0.5));
    expect(contributions).toEqual([
      { name: 'performance', weight: 4, score: 0.25, contribution: 1 / 7 },
      { name: 'dataDrift', weight: 2, score: 0.5, contribution: 1 / 7 },
      { name: 'predictionDrift', weight: 1, score: null, contribution: null },
      { name: 'age', weight: 1, score: 0.5, contribution: 0.5 / 7 },
    ]);
    expect(contributions.reduce((sum, one) => sum + (one.contribution ?? 0), 0)).toBeCloseTo(stalenessScore!, 12);
  });
});

const score = fc.oneof(fc.constant(null), fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
const someSignals = fc.tuple(score, score, score, score).map((scores) => signals(...scores));
const weights = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4), fc.nat(4));

function weighing([performance, dataDrift, predictionDrift, age]: readonly [number, number, number, number]): Policy {
  return policyWith(({ signals: limits }) => ({
    signals: {
      ...limits,
      age: { ...limits.age, weight: age },
      dataDrift: { ...limits.dataDrift, weight: dataDrift },
      predictionDrift: { ...limits.predictionDrift, weight: predictionDrift },
      performance: { ...limits.performance, weight: performance },
    },
  }));
}

function losing(found: readonly Signal[], lost: readonly boolean[]): readonly Signal[] {
  return found.map((one, i) => (lost[i] ? signal(one.name, null) : one));
}
const someLost = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean());

describe('whatever the signals and the weights', () => {
  it('the score stays in 0..1', () => {
    fc.assert(
      fc.property(someSignals, weights, (found, weight) => {
        const { stalenessScore } = fuseSignals({
          policy: weighing(weight),
          signals: found,
          sight: fullSight,
          evaluatedAt,
        });
        expect(stalenessScore === null || (stalenessScore >= 0 && stalenessScore <= 1)).toBe(true);
      }),
    );
  });

  it('losing signals never clears a breach, however often', () => {
    fc.assert(
      fc.property(someSignals, weights, fc.array(someLost, { maxLength: 4 }), (found, weight, losses) => {
        const given = [found];
        for (const lost of losses) given.push(losing(given.at(-1)!, lost));
        const verdicts = inTurn(given, undefined, weighing(weight)).map(({ verdict }) => verdict);
        if (verdicts[0] === 'at-risk') expect(new Set(verdicts)).toEqual(new Set(['at-risk']));
      }),
      { numRuns: 1_000 },
    );
  });

  it('a missing signal never raises the confidence, and each one that has weight is named', () => {
    const rank = { low: 0, medium: 1, high: 2 };
    fc.assert(
      fc.property(someSignals, weights, someLost, (found, weight, lost) => {
        const weighed = weighing(weight);
        const complete = confidenceOf(weighed, found, fullSight);
        const fewer = losing(found, lost);
        const after = confidenceOf(weighed, fewer, fullSight);
        expect(rank[after.level]).toBeLessThanOrEqual(rank[complete.level]);
        const missing = fewer.filter(({ name, score: own }) => own === null && weighed.signals[name].weight > 0);
        if (missing.length > 0) expect(after.level).not.toBe('high');
        expect(after.reasons.length).toBeGreaterThanOrEqual(missing.length);
      }),
    );
  });
});

describe('confidenceOf', () => {
  it.each([
    ['high', { coverageRatio: 0.98, n: 11_213 }, []],
    ['medium', { coverageRatio: 0.85, n: 11_213 }, ['coverage is 0.85']],
    ['medium', { coverageRatio: 0.98, n: 45 }, ['only 45 predictions in the window']],
  ])('is %s for %o', (level, sight, reasons) => {
    expect(confidenceOf(policy, signals(0, 0, 0, 0), sight)).toEqual({ level, reasons });
  });

  it('counts outcomes that are missing once, though concept drift rests on them too', () => {
    const blind = [...signals(null, 0, 0, 0), signal('conceptDrift', null)];
    const { level, reasons } = confidenceOf(policy, blind, fullSight);
    expect(level).toBe('medium');
    expect(reasons).toContain('no concept drift: needs 500 rows, has 120');
  });

  it('says so when an owner calls every feature unimportant', () => {
    expect(confidenceOf(policy, signals(0, 0, 0, 0), { ...fullSight, isUnweighted: true })).toEqual({
      level: 'medium',
      reasons: ['all importances are 0'],
    });
  });

  it('is not raised by an estimate of the performance', () => {
    const blind = signals(null, 0, null, null);
    expect(confidenceOf(policy, [...blind, signal('estimatedPerformance', 0)], fullSight)).toEqual(
      confidenceOf(policy, blind, fullSight),
    );
  });

  it('is low when more than half of the weight is missing, or there is no weight', () => {
    expect(confidenceOf(policy, signals(null, 0, 0, 0), fullSight).level).toBe('medium');
    expect(confidenceOf(policy, signals(null, 0, 0, null), fullSight).level).toBe('low');
    expect(confidenceOf(weighing([0, 0, 0, 0]), signals(0, 0, 0, 0), fullSight).level).toBe('low');
  });
});

describe('statusToReport', () => {
  const evaluated = (found: readonly Signal[], kind: Evaluation['kind'] = 'scheduled', previous?: readonly Cause[]) =>
    statusToReport({
      evaluationId: 'late-test-1',
      modelId: 'late-test',
      version: 1,
      evaluatedAt: '2001-02-08T00:00:00.000Z',
      kind,
      window: { from: '2001-02-01T00:00:00.000Z', to: '2001-02-08T00:00:00.000Z' },
      policyVersion: 1,
      policy,
      signals: found,
      ...fuse(found, previous && atRiskBy(...previous)),
      coverageRatio: 0.98,
      summary: '',
    });

  it('tells what is trusted', () => {
    expect(evaluated(signals(0, 0, 0, 0))).toBe('healthy');
    expect(evaluated(signals(1, 0, 0, 0))).toBe('at-risk');
  });

  it('keeps a healthy verdict of low confidence to itself, and a proven breach never', () => {
    expect(evaluated(signals(null, 0, null, 0))).toBeUndefined();
    expect(evaluated(signals(null, 1, null, 0))).toBe('at-risk');
    expect(evaluated(signals(null, null, null, 0))).toBeUndefined();
  });

  it('never tells what was evaluated on demand', () => {
    expect(evaluated(signals(1, 0, 0, 0), 'on-demand')).toBeUndefined();
  });
});

describe('summarize', () => {
  const since = '2001-05-03T14:00:00.000Z';
  const told = (found: readonly Signal[], previous?: Former) => summarize(policy, found, fuse(found, previous), since);

  it('says since when, why and how sure, and how the others are', () => {
    expect(told(signals(1, 0, 0.6, 0))).toBe(
      'at risk since 2001-05-03 14:00 UTC: performance at 1, confidence high; data drift ok, prediction drift warning, age ok',
    );
  });

  it('says why an old breach stands', () => {
    expect(told(signals(null, 0, 0, 0), atRiskBy('performance'))).toContain(
      'the breach of performance stands until it is cleared (0 of 2 clear evaluations, now: needs 500 rows, has 120), confidence medium',
    );
  });

  it('says which score is too high', () => {
    expect(told(signals(0.7, 0.6, 0.6, 0.6))).toContain('staleness score 0.65 (threshold 0.6)');
  });

  it('leads a healthy verdict with the weightiest measure', () => {
    expect(told(signals(null, 0.1, 0, 0))).toBe(
      'healthy: dataDrift at 0.1, confidence medium (no performance: needs 500 rows, has 120); performance insufficient data, prediction drift ok, age ok',
    );
  });

  it('says what is missing when nothing is known', () => {
    expect(told(signals(null, null, null, 0.2))).toContain(
      'unknown: no performance: needs 500 rows, has 120; no data drift:',
    );
  });
});
