import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildBaseline } from '../../../shared/domain/health/build-baseline.ts';
import { dataDriftSignal } from '../../../shared/domain/health/data-drift-signal.ts';
import { featureWeights } from '../../../shared/domain/health/feature-weights.ts';
import { symmetricUncertainty } from '../../../shared/domain/health/importance-counter.ts';
import { judgedFeatures } from '../../../shared/domain/health/judged-features.ts';
import type { ReferenceRow } from '../../../shared/domain/health/reference-row.ts';
import type { Feature } from '../../../shared/domain/registry/schemas.ts';
import { seededRandom } from '../../../shared/domain/seeded-random.ts';
import { baselineOf, definition, flights, policyWith, signalsWith, windowOf } from './late-flights.ts';

const feature = (name: string, type: Feature['type'] = 'numeric', importance = 1): Feature => ({
  name,
  type,
  importance,
  required: true,
});
const features = [
  feature('constant'),
  feature('score'),
  feature('noise'),
  feature('coarse', 'categorical'),
  feature('gaps'),
];
const window = { modelId: 'm', version: 1, taskType: 'binary', features, from: '2001-01-01T00:00:00.000Z' } as const;

function rowsOf(count: number, seed: number): readonly ReferenceRow[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const score = random();
    const coarse = score > 0.5 ? 'high' : 'low';
    const gaps = score > 0.9 ? null : 1;
    return { features: { constant: 7, score, noise: random(), coarse, gaps }, score };
  });
}

function importancesOf(rows: readonly ReferenceRow[]) {
  return buildBaseline({ ...window, to: '2001-01-22T00:00:00.000Z', rows }).importances;
}

describe('importances of a baseline', () => {
  it('are 1 for the feature that is the score, 0 for a constant one, and near 0 for noise', () => {
    for (const seed of [1, 2, 3]) {
      const estimated = importancesOf(rowsOf(2_000, seed));
      expect(estimated).toMatchObject({ constant: 0, score: 1 });
      expect(estimated?.noise).toBeLessThan(0.01);
      expect(estimated?.coarse).toBeGreaterThan(estimated?.gaps ?? 1);
      // A value that is missing says which scores are high.
      expect(estimated?.gaps).toBeGreaterThan(0.1);
    }
  });

  it('are of any order of the rows the same', () => {
    const rows = rowsOf(300, 4);
    const expected = importancesOf(rows);
    fc.assert(
      fc.property(fc.shuffledSubarray([...rows], { minLength: rows.length }), (shuffled) => {
        expect(importancesOf(shuffled)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('are absent when nothing says anything of the score', () => {
    expect(importancesOf([])).toBeUndefined();
    expect(importancesOf(rowsOf(100, 5).map((row) => ({ ...row, score: 0.5 })))).toBeUndefined();
  });
});

describe('symmetricUncertainty', () => {
  it('is that of the textbook, less what chance gives', () => {
    // Two features of two values each over 100 rows; H(X) = H(Y) = ln 2, H(X, Y) = −Σ p ln p.
    const joint = -(2 * 0.4 * Math.log(0.4) + 2 * 0.1 * Math.log(0.1)) + 3 / 200;
    const marginal = 2 * (Math.log(2) + 1 / 200);
    expect(symmetricUncertainty(Float64Array.of(40, 10, 10, 40), 2)).toBeCloseTo(2 * (1 - joint / marginal), 12);
  });

  it('is within 0..1 for any counts', () => {
    const counts = fc.array(fc.nat({ max: 50 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(counts, (table) => {
        const value = symmetricUncertainty(Float64Array.from(table), 3);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('weights of features', () => {
  const estimated = { a: 1, b: 0.25 };

  it('are estimated only where the owner gave none', () => {
    const source = (...given: readonly number[]) =>
      featureWeights([feature('a', 'numeric', given[0]), feature('b', 'numeric', given[1])], { estimated });
    expect(source(1, 1)).toMatchObject({ source: 'estimated', of: new Map(Object.entries(estimated)) });
    expect(source(1, 0.5)).toMatchObject({ source: 'given' });
    expect(source(1, 0)).toMatchObject({ source: 'given', isZeroed: false });
    expect(source(0, 0)).toMatchObject({ source: 'equal', isZeroed: true });
    expect(featureWeights([feature('a'), feature('b')], {})).toMatchObject({ source: 'equal', isZeroed: false });
  });

  it('stay given when the policy judges only features that the owner holds equally important', () => {
    const all = [feature('a'), feature('b'), feature('c', 'numeric', 0.5)];
    const policy = signalsWith(({ dataDrift }) => ({ dataDrift: { ...dataDrift, features: ['a', 'b'] } }));
    expect(judgedFeatures(policy, all, { importances: estimated }).weights.source).toBe('given');
  });

  it('decide which features are judged when there are too many', () => {
    const policy = signalsWith(({ dataDrift }) => ({ dataDrift: { ...dataDrift, maximumFeatures: 1 } }));
    const both = [feature('b'), feature('a')];
    expect(judgedFeatures(policy, both, { importances: { a: 0.1, b: 1 } })).toMatchObject({
      judged: [{ name: 'b' }],
      leftOut: 1,
    });
  });

  it('roll up the score of data drift, and its reason says that they are estimated', () => {
    const equal = definition.features.map((each) => ({ ...each, importance: 1 }));
    const baseline = { ...baselineOf(), importances: { lateRate: 1, origin: 0.25 } };
    const current = windowOf(flights(2_000, { shift: 0.4 }), baseline);
    const signal = dataDriftSignal({ policy: policyWith(), features: equal, baseline, current });
    expect(signal.score).toBeCloseTo(0.8, 12);
    expect(signal.reason).toContain('importances estimated from the baseline');
    const given = dataDriftSignal({ policy: policyWith(), features: definition.features, baseline, current });
    expect(given.score).toBeCloseTo(2 / 3, 12);
    expect(given.reason).not.toContain('estimated');
  });
});
