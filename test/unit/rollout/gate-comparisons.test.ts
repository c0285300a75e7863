import studentQuantile from '@stdlib/stats-base-dists-t-quantile';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from '../../../shared/domain/rollout/gates/compare.ts';
import { midP, tangoScore } from '../../../shared/domain/rollout/gates/compare-accuracy.ts';
import type { Comparison } from '../../../shared/domain/rollout/gates/comparison.ts';
import { designEffect } from '../../../shared/domain/rollout/gates/design-effect.ts';
import type { HoldoutColumns } from '../../../shared/domain/rollout/gates/holdout-columns.ts';
import { holm } from '../../../shared/domain/rollout/gates/holm.ts';
import oracles from './fixtures/paired-tests.json' with { type: 'json' };

const normal975 = 1.959963984540054;
const student975 = studentQuantile(0.975, 89);

function columnsOf(rows: readonly (readonly number[])[]): HoldoutColumns {
  const column = (at: number) => Float64Array.from(rows, (row) => row[at]!);
  const blocks = Int32Array.from(rows, (row) => row[3]!);
  const blockCount = new Set(blocks).size;
  return { labels: column(0), champion: column(1), candidate: column(2), blocks, blockCount, segments: new Map() };
}

const columns = columnsOf(oracles.rows);
const standardErrorOf = (comparison: Comparison) => (comparison.bounds(1)[1] - comparison.bounds(1)[0]) / 2;
const clustered = (comparison: Comparison) =>
  standardErrorOf(comparison) * Math.sqrt(designEffect(comparison, columns));

/** `gained` rows that only the candidate gets right, `lost` that only the champion does. */
function discordant({ n, gained, lost }: { readonly n: number; readonly gained: number; readonly lost: number }) {
  return columnsOf(
    Array.from({ length: n }, (_, row) => {
      if (row < gained) return [1, 0, 1, row];
      return row < gained + lost ? [1, 1, 0, row] : [1, 1, 1, row];
    }),
  );
}

describe('comparisons of champion and candidate (scipy, statsmodels, brute force)', () => {
  it('has the AUCs, the standard error and the p-value of DeLong', () => {
    const auc = compare(columns, { metric: 'auc' })!;
    expect(auc.champion).toBeCloseTo(oracles.delong.champion, 12);
    expect(auc.candidate).toBeCloseTo(oracles.delong.candidate, 12);
    expect(auc.improvement).toBeCloseTo(auc.candidate - auc.champion, 12);
    expect(standardErrorOf(auc)).toBeCloseTo(oracles.delong.standardError, 12);
    expect(auc.pValue).toBeCloseTo(oracles.delong.pValue, 12);
  });

  it("has Obuchowski's standard error where days are clusters", () => {
    expect(clustered(compare(columns, { metric: 'auc' })!)).toBeCloseTo(oracles.delong.clusteredStandardError, 10);
  });

  it('has the paired t test of losses, and its standard error by clusters', () => {
    const brier = compare(columns, { metric: 'brier-score' })!;
    expect(brier.test).toBe('paired t');
    expect(brier.pValue).toBeCloseTo(oracles.brier.pValue, 12);
    expect(brier.bounds(student975)[0]).toBeCloseTo(oracles.brier.interval[0]!, 10);
    expect(brier.bounds(student975)[1]).toBeCloseTo(oracles.brier.interval[1]!, 10);
    expect(clustered(brier)).toBeCloseTo(oracles.brier.clusteredStandardError, 10);
  });

  it("has Wilcoxon's test, the pseudo-median of all Walsh averages and its interval", () => {
    const brier = compare(columns, { metric: 'brier-score', test: 'wilcoxon' })!;
    const { pValue, pseudoMedian, interval } = oracles.brier.wilcoxon;
    expect(brier.pValue).toBeCloseTo(pValue, 12);
    expect(brier.improvement).toBeCloseTo(pseudoMedian, 9);
    expect(brier.bounds(normal975)[0]).toBeCloseTo(interval[0]!, 9);
    expect(brier.bounds(normal975)[1]).toBeCloseTo(interval[1]!, 9);
  });

  it.each(oracles.mcnemar)('has McNemar and the score interval for $gained gained and $lost lost of $n', (oracle) => {
    const accuracy = compare(discordant(oracle), { metric: 'accuracy' })!;
    const isExact = oracle.gained + oracle.lost < 25;
    expect(accuracy.test).toBe(isExact ? 'McNemar, exact' : 'McNemar, mid-p');
    expect(accuracy.pValue).toBeCloseTo(isExact ? oracle.exact : oracle.midP, 12);
    expect(midP(oracle.lost, oracle.gained)).toBeCloseTo(oracle.midP, 12);
    expect(accuracy.bounds(normal975)[0]).toBeCloseTo(oracle.interval[0]!, 7);
    expect(accuracy.bounds(normal975)[1]).toBeCloseTo(oracle.interval[1]!, 7);
    expect(accuracy.candidate - accuracy.champion).toBeCloseTo((oracle.gained - oracle.lost) / oracle.n, 12);
  });

  it('has the published interval of airway reactions before and after transplantation (Fagerland et al. 2014)', () => {
    const [low, high] = compare(discordant({ n: 21, gained: 1, lost: 7 }), { metric: 'accuracy' })!.bounds(normal975);
    expect([low.toFixed(3), high.toFixed(3)]).toEqual(['-0.517', '-0.026']);
    expect(tangoScore({ n: 21, onlyCandidate: 1, onlyChampion: 7 }, 0)).toBeCloseTo(-6 / Math.sqrt(8), 12);
  });

  it('rejects what Holm rejects', () => {
    expect(holm(oracles.holm.pValues, 0.05)).toEqual(oracles.holm.rejected);
    expect(holm([], 0.05)).toEqual([]);
    expect(holm([0.05], 0.05)).toEqual([true]);
  });
});

describe('any two versions', () => {
  const row = fc.tuple(
    fc.integer({ min: 0, max: 1 }),
    fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
    fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
    fc.integer({ min: 0, max: 3 }),
  );
  const compared = fc.constantFrom(
    { metric: 'auc' } as const,
    { metric: 'accuracy' } as const,
    { metric: 'log-loss' } as const,
    { metric: 'brier-score', test: 'wilcoxon' } as const,
  );

  it('change places and the improvement changes its sign, and no figure is NaN', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 60 }), compared, (rows, metric) => {
        const there = compare(columnsOf(rows), metric);
        const back = compare(columnsOf(rows.map(([label, a, b, day]) => [label, b, a, day])), metric);
        expect(there === undefined).toBe(back === undefined);
        if (there === undefined || back === undefined) return;
        expect(there.improvement).toBeCloseTo(-back.improvement, 9);
        const [low, high] = there.bounds(2);
        expect(low).toBeLessThanOrEqual(there.improvement + 1e-9);
        expect(high).toBeGreaterThanOrEqual(there.improvement - 1e-9);
        expect(low).toBeCloseTo(-back.bounds(2)[1], 9);
        expect(Number.isNaN(there.standardErrorsAbove(0))).toBe(false);
        if (there.pValue !== null) expect(there.pValue).toSatisfy((p: number) => p >= 0 && p <= 1 + 1e-12);
      }),
    );
  });
});
