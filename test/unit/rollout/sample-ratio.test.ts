import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorGuardrail } from '../../../shared/domain/rollout/error-guardrail.ts';
import { logBayesFactor, sampleRatio } from '../../../shared/domain/rollout/sample-ratio.ts';
import { uniform } from './seeded.ts';

describe('sampleRatio', () => {
  it('agrees with the beta-binomial worked by hand', () => {
    // Prior Beta(50, 50), two hits: 50/100 · 51/101 against ¼.
    expect(logBayesFactor(2, 0, 0.5)).toBeCloseTo(Math.log((0.5 * (51 / 101)) / 0.25), 12);
    // Prior Beta(5, 95), one of each: 5/100 · 95/101 against 0.05 · 0.95.
    expect(logBayesFactor(1, 1, 0.05)).toBeCloseTo(Math.log((0.05 * (95 / 101)) / (0.05 * 0.95)), 12);
  });

  it('matches what the routing table says, and nothing at all', () => {
    expect(sampleRatio({ champion: 9_500, candidate: 500 }, 0.05, 0.0005).verdict).toBe('match');
    expect(sampleRatio({ champion: 0, candidate: 0 }, 0.05, 0.0005)).toMatchObject({
      verdict: 'match',
      logEvidence: 0,
    });
  });

  it('finds a candidate that loses a fifth of its rows', () => {
    expect(sampleRatio({ champion: 9_600, candidate: 400 }, 0.05, 0.0005).verdict).toBe('mismatch');
    expect(sampleRatio({ champion: 9_500, candidate: 0 }, 0.05, 0.0005).verdict).toBe('mismatch');
  });

  it('is looked at after each of 2,000 rows and alarms less often than the level says', () => {
    const next = uniform(5);
    let alarms = 0;
    for (let run = 0; run < 1_000; run += 1) {
      let [hits, misses, isAlarm] = [0, 0, false];
      for (let row = 0; row < 2_000 && !isAlarm; row += 1) {
        if (next() < 0.2) hits += 1;
        else misses += 1;
        isAlarm =
          row % 10 === 0 && sampleRatio({ champion: misses, candidate: hits }, 0.2, 0.05).verdict === 'mismatch';
      }
      alarms += isAlarm ? 1 : 0;
    }
    expect(alarms).toBeLessThan(50);
    expect(alarms).toBeGreaterThan(2);
  });

  it('has finite evidence, that only grows as the arms come to differ more', () => {
    const count = fc.integer({ min: 1, max: 5_000_000 });
    fc.assert(
      fc.property(count, fc.integer({ min: 1, max: 99 }), (n, percent) => {
        const ratio = percent / 100;
        const expected = Math.round(n * ratio);
        const at = (candidate: number) => sampleRatio({ champion: n - candidate, candidate }, ratio, 0.001).logEvidence;
        const steps = [0, 0.25, 0.5, 1].map((share) => Math.round(expected + share * (n - expected)));
        const evidence = steps.map(at);
        expect(evidence.every(Number.isFinite)).toBe(true);
        // Rounding of the expected count may put it just below its place.
        for (const [i, more] of evidence.slice(1).entries())
          if (steps[i]! >= n * ratio) expect(more).toBeGreaterThanOrEqual(evidence[i]! - 1e-6);
      }),
    );
  });
});

describe('errorGuardrail', () => {
  const champion = { requests: 9_500, errors: 10 };

  it('fails a candidate all of whose requests fail, at once', () => {
    expect(errorGuardrail({ requests: 950, errors: 1 }, { requests: 50, errors: 50 }, 0.005)).toMatchObject({
      verdict: 'fail',
      reason: "errors 0.11 % of the champion's requests, 100.00 % of the candidate's",
    });
  });

  it('lets pass what is as good or better, and more errors by less than is tolerated', () => {
    expect(errorGuardrail(champion, { requests: 500, errors: 1 }, 0.005).verdict).toBe('pass');
    expect(errorGuardrail(champion, { requests: 500, errors: 0 }, 0.005).verdict).toBe('pass');
    const many = { requests: 1_000_000, errors: 3_000 };
    expect(errorGuardrail({ requests: 1_000_000, errors: 1_000 }, many, 0.005).verdict).toBe('pass');
  });

  it('knows nothing of an arm without requests', () => {
    expect(errorGuardrail(champion, { requests: 0, errors: 0 }, 0.005).verdict).toBe('inconclusive');
  });
});
