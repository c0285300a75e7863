import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageSignal } from '../../../shared/domain/health/age-signal.ts';
import { type DriftFacts, dataDriftSignal } from '../../../shared/domain/health/data-drift-signal.ts';
import { predictionDriftSignal } from '../../../shared/domain/health/prediction-drift-signal.ts';
import type { ProfileWindow } from '../../../shared/domain/health/profile-window.ts';
import type { ReferenceRow } from '../../../shared/domain/health/reference-row.ts';
import { limitsOf, scoreOf, verdictOf } from '../../../shared/domain/health/severity.ts';
import { type JudgedPart, reasonOf } from '../../../shared/domain/health/signal.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import { baselineOf, definition, flights, policyWith, signalsWith, type Weather, windowOf } from './late-flights.ts';

const baseline = baselineOf();

describe('scoreOf', () => {
  it('is 0 at no effect, a half at the warning, 1 at the breach', () => {
    const limits = { warning: 0.1, breach: 0.25 };
    expect([-1, 0, 0.05, 0.1, 0.175, 0.25, 9].map((effect) => scoreOf(effect, limits))).toEqual([
      0, 0, 0.25, 0.5, 0.75, 1, 1,
    ]);
  });

  it('stays in 0..1 and never falls when the effect grows', () => {
    const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const effect = fc.double({ min: -1e7, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(positive, positive, effect, effect, (warning, breach, a, b) => {
        const [lower, higher] = [Math.min(a, b), Math.max(a, b)].map((value) => scoreOf(value, { warning, breach }));
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(higher).toBeLessThanOrEqual(1);
        expect(lower).toBeLessThanOrEqual(higher ?? Number.NaN);
      }),
    );
  });
});

describe('verdictOf', () => {
  it.each([
    ['breach', 0.06, 'significant'],
    ['warning', 0.06, 'not-significant'],
    ['warning', 0.04, 'significant'],
    ['ok', 0.04, 'not-significant'],
    ['ok', 0.01, 'significant'],
  ] as const)('is %s for an effect of %s that is %s', (verdict, effect, evidence) => {
    expect(verdictOf(effect, limitsOf(0.05), evidence)).toBe(verdict);
  });
});

describe('ageSignal', () => {
  it('counts from the end of the training data', () => {
    const signal = ageSignal(policyWith(), '2001-01-22T00:00:00.000Z', '2001-02-12T00:00:00.000Z');
    expect(signal).toMatchObject({ value: 21, score: 0.5, evidence: null, verdict: 'warning' });
  });

  it('is 0 for data that end after now', () => {
    const signal = ageSignal(policyWith(), '2001-03-01T00:00:00.000Z', '2001-02-12T00:00:00.000Z');
    expect(signal).toMatchObject({ value: 0, score: 0, verdict: 'ok' });
  });
});

function driftOf(rows: readonly ReferenceRow[], policy: Policy = policyWith(), facts: Partial<DriftFacts> = {}) {
  const against = facts.baseline ?? baseline;
  return dataDriftSignal({
    policy,
    features: definition.features,
    baseline: against,
    current: windowOf(rows, against),
    ...facts,
  });
}

function drift(weather: Weather, policy: Policy = policyWith(), count = 2_000) {
  return driftOf(flights(count, weather), policy);
}

describe('the reason of a signal', () => {
  const part = (name: string, effect: number, verdict: 'ok' | 'breach' = 'breach'): JudgedPart => ({
    name,
    effect,
    verdict,
    reason: `${name} moved`,
    value: effect,
    reference: 0,
    evidence: 0,
    score: 1,
  });

  it('names the three largest breaches and counts the rest', () => {
    const parts = [part('a', 1.1), part('b', 9), part('c', 2, 'ok'), part('d', 3), part('e', 1.2), part('f', 1.3)];
    expect(reasonOf(parts)).toBe('b moved and d moved and f moved and 2 more in breach');
  });

  it('is that of the part closest to its limit when none breaches', () => {
    expect(reasonOf([part('a', 0.1, 'ok'), part('b', 0.4, 'ok')])).toBe('b moved');
    expect(reasonOf([])).toBe('');
  });
});

describe('dataDriftSignal', () => {
  it('is ok on flights like those of the baseline', () => {
    expect(drift({})).toMatchObject({ verdict: 'ok', score: 0, n: 2_000 });
  });

  it('breaches when one feature has moved, and says which', () => {
    const signal = drift({ shift: 0.4 });
    expect(signal.verdict).toBe('breach');
    expect(signal.reason).toMatch(
      /^PSI of lateRate 3\.\d+ \(2\.\d+ to 3\.\d+, breach at 0\.25, p \de-\d+ over 21 and 8 blocks, n 2,000\)$/,
    );
    expect(signal.evidence).toBeLessThan(1e-12);
    expect(signal.parts.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['lateRate', 'breach'],
      ['origin', 'ok'],
    ]);
  });

  it('rolls the score up by importance', () => {
    // lateRate weighs 1 and stands at 1, origin weighs a half and stands at 0.
    expect(drift({ shift: 0.4 }).score).toBeCloseTo(2 / 3, 12);
  });

  it('shows a feature the policy does not judge, without letting it breach', () => {
    const onlyOrigin = signalsWith(({ dataDrift }) => ({ dataDrift: { ...dataDrift, features: ['origin'] } }));
    const signal = drift({ shift: 0.4 }, onlyOrigin);
    expect(signal.verdict).toBe('ok');
    expect(signal.parts[0]).toMatchObject({ name: 'lateRate', verdict: 'breach' });
    expect(signal.parts[0]?.reason).toContain('shown, not judged');
  });

  it('sees a feature that stops coming', () => {
    const signal = drift({ missingRatio: 0.3 });
    expect(signal.verdict).toBe('breach');
    expect(signal.reason).toContain('missing rate of lateRate 0.3, 0 at the baseline');
  });

  it('sees categories that the baseline does not know, apart from the others', () => {
    const signal = drift({ origin: 'HNL' });
    expect(signal.parts.find(({ name }) => name === 'origin:unseen')).toMatchObject({ value: 1, verdict: 'breach' });
    expect(signal.parts.find(({ name }) => name === 'origin')).toMatchObject({ verdict: 'insufficient-data' });
  });

  it('is insufficient, never ok, below the rows that are needed', () => {
    expect(drift({ shift: 0.4 }, policyWith(), 24)).toMatchObject({
      verdict: 'insufficient-data',
      score: null,
      reason: 'needs 30 rows, has 24',
    });
    const signal = drift({}, policyWith(), 48);
    expect(signal).toMatchObject({ verdict: 'insufficient-data', score: null, n: 48 });
    expect(signal.reason).toMatch(/^PSI of lateRate .*: needs \d+ rows, has 48$/);
    expect(signal.nNeeded).toBeGreaterThan(48);
  });

  it('is insufficient when there is nothing to judge', () => {
    const none = signalsWith(({ dataDrift }) => ({ dataDrift: { ...dataDrift, features: ['altitude'] } }));
    expect(drift({}, none)).toMatchObject({ verdict: 'insufficient-data' });
    const { reason } = dataDriftSignal({
      policy: policyWith(),
      features: definition.features,
      baseline: undefined,
      current: windowOf(flights(2_000)),
    });
    expect(reason).toBe('the version has no baseline');
  });

  it('says so when every importance is 0', () => {
    const features = definition.features.map((feature) => ({ ...feature, importance: 0 }));
    const signal = driftOf(flights(2_000, { shift: 0.4 }), policyWith(), { features });
    expect(signal.score).toBeCloseTo(0.5, 12);
    expect(signal.reason).toContain('all importances are 0');
  });

  it('scores 0..1 and no lower when the shift grows', () => {
    const shift = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(shift, shift, (a, b) => {
        const [lower, higher] = [Math.min(a, b), Math.max(a, b)].map((by) => drift({ shift: by }).score ?? Number.NaN);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(higher).toBeLessThanOrEqual(1);
        // A grid of bins sees a shift within one bin only roughly.
        expect(lower).toBeLessThanOrEqual((higher ?? Number.NaN) + 0.05);
      }),
      { numRuns: 30 },
    );
  });
});

describe('predictionDriftSignal', () => {
  const scored = (riskyShare: number, count = 2_000) =>
    windowOf(
      Array.from({ length: count }, (_, i) => ({
        features: {},
        score: (i * 0.618033988749895) % 1 < riskyShare ? 0.4 : 0.05,
      })),
    );
  const predictions = (policy: Policy, current: ProfileWindow) => predictionDriftSignal({ policy, baseline, current });

  it('is ok on scores like those of the baseline', () => {
    expect(predictions(policyWith(), scored(0.5))).toMatchObject({ verdict: 'ok', unit: 'nats' });
  });

  it('breaches on the divergence of the scores', () => {
    const signal = predictions(policyWith(), scored(0.9));
    expect(signal.verdict).toBe('breach');
    expect(signal.reason).toMatch(/^KL of the output 0\.36\d* \(0\.\d+ to 0\.\d+, breach at 0\.15/);
  });

  it('breaches on the psi of the scores when the policy asks for it', () => {
    const psiOnly = signalsWith(({ predictionDrift }) => ({
      predictionDrift: { ...predictionDrift, klWarning: 5, klBreach: 9, psiBreach: 0.25 },
    }));
    expect(predictions(psiOnly, scored(0.9))).toMatchObject({ verdict: 'breach', score: 1 });
    const withoutPsi = signalsWith(({ predictionDrift }) => ({
      predictionDrift: { ...predictionDrift, klWarning: 5, klBreach: 9, psiBreach: null },
    }));
    expect(predictions(withoutPsi, scored(0.9)).verdict).toBe('ok');
  });

  it('is insufficient below the rows that are needed, and without a baseline', () => {
    expect(predictions(policyWith(), scored(0.9, 20)).reason).toBe('needs 30 rows, has 20');
    expect(predictionDriftSignal({ policy: policyWith(), baseline: undefined, current: scored(0.9) }).verdict).toBe(
      'insufficient-data',
    );
  });
});
