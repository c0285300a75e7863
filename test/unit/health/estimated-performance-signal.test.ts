import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HourlyPerformance, type Profile, scoreBins } from '../../../shared/domain/ground-truth/aggregates.ts';
import { coverageOf } from '../../../shared/domain/ground-truth/coverage.ts';
import { performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { ageSignal } from '../../../shared/domain/health/age-signal.ts';
import { estimatedPerformanceSignal } from '../../../shared/domain/health/estimated-performance-signal.ts';
import { expectedBinnedRocAuc } from '../../../shared/domain/health/estimation/expected-binned-roc-auc.ts';
import { expectedRocAuc } from '../../../shared/domain/health/estimation/expected-roc-auc.ts';
import { fuseSignals } from '../../../shared/domain/health/fuse-signals.ts';
import { performanceSignal } from '../../../shared/domain/health/performance-signal.ts';
import { seededRandom } from '../../../shared/domain/seeded-random.ts';
import { hourMillis, hourOf, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { policyWith, signalsWith } from './late-flights.ts';

const window = { from: '2001-01-31T00:00:00.000Z', to: '2001-02-08T00:00:00.000Z' };
const meaning = (score: number) => score;
const spread = (u: number) => u;
/** All scores are near the middle, where nobody can rank them. */
const undecided = (u: number) => 0.4 + 0.2 * u;

function rowsOf(score: (u: number) => number, truth: (score: number) => number, count: number, seed: number) {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const s = score(random());
    return { score: s, label: random() < truth(s) ? 1 : 0 };
  });
}

const baseline = performanceOf('binary', rowsOf(spread, meaning, 20_000, 1));

function profileOf(score: (u: number) => number, count = 5_000): Profile {
  const scoreHistogram: Record<number, number> = {};
  for (const row of rowsOf(score, meaning, count, 3)) {
    const bin = Math.floor(row.score * scoreBins);
    scoreHistogram[bin] = (scoreHistogram[bin] ?? 0) + 1;
  }
  return { n: count, features: {}, scores: {}, scoreHistogram };
}

/** Eight days of labels that mean what `truth` says. */
function realizedOf(truth?: (score: number) => number) {
  const hours: HourlyPerformance[] = [];
  for (let at = toMillis(window.from); truth !== undefined && at < toMillis(window.to); at += hourMillis)
    hours.push({
      hour: hourOf(toInstant(at)),
      predictions: 40,
      performance: performanceOf('binary', rowsOf(spread, truth, 40, at / hourMillis)),
    });
  return { hours, window, coverage: coverageOf(hours, 0, window.to) };
}

const signalOf = (score: (u: number) => number, truth?: (score: number) => number, count?: number) =>
  estimatedPerformanceSignal(policyWith(), baseline, profileOf(score, count), realizedOf(truth));

describe('estimatedPerformanceSignal', () => {
  it('is ok where the scores are as they were, and says that this confirms nothing', () => {
    const signal = signalOf(spread, meaning);
    expect(signal).toMatchObject({ verdict: 'ok', unit: 'AUC', evidence: null, n: 5_000 });
    expect(signal?.reason).toMatch(
      /^AUC is estimated at 0\.8\d+ ± 0\.0\d+, 0\.8\d+ on the baseline \(warns 0\.05 below it, confirms nothing\), held in all 9 matured windows, n 5,000$/,
    );
  });

  it('warns, and never breaches, where the scores cannot rank any more', () => {
    expect(signalOf(undecided)).toMatchObject({ verdict: 'warning', score: 0.5 });
    expect(signalOf(undecided)?.reason).toContain('not tried on any matured window');
  });

  it('is withdrawn once labels show an AUC outside its band', () => {
    const signal = signalOf(spread, (score) => 0.5 + 0.2 * (score - 0.5));
    expect(signal).toMatchObject({ verdict: 'insufficient-data', score: null });
    expect(signal?.reason).toBe('missed 9 of 9 matured windows: withdrawn');
  });

  it('estimates nothing where the baseline has no scores, too few labels, or there are too few rows', () => {
    const narrow = performanceOf(
      'binary',
      rowsOf((u) => 0.5 * u, meaning, 20_000, 4),
    );
    const beyond = estimatedPerformanceSignal(policyWith(), narrow, profileOf(spread), realizedOf());
    expect(beyond?.reason).toMatch(/^the baseline hardly has scores like \d/);
    const small = performanceOf(
      'binary',
      rowsOf((u) => 0.4 + 0.01 * Math.floor(20 * u), meaning, 100, 5),
    );
    const unsure = estimatedPerformanceSignal(policyWith(), small, profileOf(undecided), realizedOf());
    expect(unsure?.reason).toMatch(/tell a probability to ±0\.0\d+ only|hardly has scores/);
    expect(signalOf(spread, undefined, 9)?.reason).toBe(`needs ${policyWith().minimumRows} rows, has 9`);
  });

  it('does not apply without labels in the baseline, nor where the policy asks for no AUC', () => {
    expect(estimatedPerformanceSignal(policyWith(), undefined, profileOf(spread), realizedOf())).toBeUndefined();
    const noAuc = signalsWith(({ performance }) => ({ performance: { ...performance, aucDrop: null } }));
    expect(estimatedPerformanceSignal(noAuc, baseline, profileOf(spread), realizedOf())).toBeUndefined();
  });

  it('gives a blind model no health and nobody confidence, whatever it says', () => {
    const policy = policyWith();
    const sight = { coverageRatio: null, n: 5_000 };
    const blind = [
      performanceSignal(policy, 'binary', baseline, realizedOf()),
      ageSignal(policy, '2001-02-01T00:00:00.000Z', window.to),
    ];
    for (const estimate of [signalOf(spread), signalOf(undecided)]) {
      const facts = { policy, sight, previous: undefined, evaluatedAt: window.to };
      const without = fuseSignals({ ...facts, signals: blind });
      const withIt = fuseSignals({ ...facts, signals: [...blind, estimate!] });
      expect(withIt).toMatchObject({ verdict: 'unknown', causes: [] });
      expect(withIt.confidence).toEqual(without.confidence);
      expect(withIt.stalenessScore).toBe(without.stalenessScore);
    }
  });

  it('never breaches, whatever the scores and labels', () => {
    const shape = fc.record({
      from: fc.double({ min: 0, max: 0.9, noNaN: true }),
      truth: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(shape, ({ from, truth }) => {
        const signal = signalOf(
          (u) => from + (1 - from) * u * 0.99,
          (score) => truth * score,
        );
        expect(['ok', 'warning', 'insufficient-data']).toContain(signal?.verdict);
        expect(signal?.score ?? 0).toBeLessThanOrEqual(0.5);
      }),
      { numRuns: 10 },
    );
  });
});

describe('expectedBinnedRocAuc', () => {
  it('is the estimate of single rows that stand at the middle of their bins', () => {
    const probability = Float64Array.from([0.1, 0.35, 0.8]);
    const scores = [0, 0, 1, 1, 1, 2, 2];
    const rows = expectedRocAuc(
      scores,
      scores.map((bin) => probability[bin]!),
    );
    const binned = expectedBinnedRocAuc(Float64Array.from([2, 3, 2]), probability);
    expect(binned.value).toBeCloseTo(rows.value ?? Number.NaN, 12);
    if (rows.value === null || binned.value === null) throw new Error('both are defined');
    expect(binned.standardError).toBeCloseTo(rows.standardError, 12);
  });

  it('is undefined where one class only is expected', () => {
    expect(expectedBinnedRocAuc(Float64Array.from([3, 4]), Float64Array.from([1, 1])).value).toBeNull();
  });
});
