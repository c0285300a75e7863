import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../../shared/domain/ground-truth/coverage.ts';
import { mergeFiveMinutes, mergeHours, mergePairedHours } from '../../../shared/domain/ground-truth/merge-window.ts';
import { outcomeTypesOf } from '../../../shared/domain/ground-truth/outcome-types.ts';
import { emptyPaired, mergePaired, pairedOf } from '../../../shared/domain/ground-truth/paired.ts';
import { pairedMetricsOf } from '../../../shared/domain/ground-truth/paired-metrics.ts';
import { performanceOf } from '../../../shared/domain/ground-truth/performance.ts';
import { coverageOfType, spanOfFiveMinutes } from '../../../shared/domain/ground-truth/performance-span.ts';
import { addToProfile, emptyProfile, mergeProfiles } from '../../../shared/domain/ground-truth/profile.ts';
import { groupByWidth, windowProblem } from '../../../shared/domain/ground-truth/time-series.ts';
import { baselineOf } from './fixtures/models.ts';

const lateOnce = performanceOf('binary', [{ score: 0.4, label: 1 }]);
const nothing = performanceOf('binary', []);

describe('coverage', () => {
  const hours = [
    {
      hour: '2001-01-22T06',
      predictions: 10,
      performance: performanceOf('binary', Array(8).fill({ score: 0.4, label: 0 })),
    },
    { hour: '2001-01-22T07', predictions: 5 },
    { hour: '2001-01-22T08', predictions: 4, performance: lateOnce },
  ];

  it('counts hours from the moment the window of their last prediction has closed', () => {
    expect(coverageOf(hours, 60, '2001-01-22T07:59:59.999Z')).toEqual({
      predictions: 19,
      closed: 0,
      attributed: 9,
      attributedClosed: 0,
      coverageRatio: null,
    });
    expect(coverageOf(hours, 60, '2001-01-22T08:00:00.000Z')).toMatchObject({ closed: 10, coverageRatio: 0.8 });
    expect(coverageOf(hours, 60, '2001-01-22T09:00:00.000Z')).toMatchObject({ closed: 15, coverageRatio: 8 / 15 });
  });

  it('counts five-minute points sooner than their hour', () => {
    const points = [{ from: '2001-01-22T06:00:00.000Z', predictions: 2, performance: lateOnce }];
    const [type] = outcomeTypesOf({ taskType: 'binary', attributionWindowMinutes: 60 });
    const coverageAt = (now: string) => coverageOfType(points.map(spanOfFiveMinutes), type!, Date.parse(now));
    expect(coverageAt('2001-01-22T07:04:59.999Z').coverageRatio).toBeNull();
    expect(coverageAt('2001-01-22T07:05:00.000Z').coverageRatio).toBe(0.5);
  });

  it('is undefined without predictions', () => {
    expect(coverageOf([], 60, '2001-01-22T08:00:00.000Z').coverageRatio).toBeNull();
  });
});

describe('buckets of one window', () => {
  const point = (index: number, predictions: number, performance = nothing) => ({ index, predictions, performance });

  it('merge to hours, which have no performance before the first outcome', () => {
    const merged = mergeHours([
      { hour: '2001-01-22T07', value: [point(3, 2)] },
      { hour: '2001-01-22T06', value: [point(0, 4, lateOnce), point(1, 3)] },
      { hour: '2001-01-22T06', value: [point(0, 1, lateOnce)] },
    ]);
    expect(merged).toEqual([
      { hour: '2001-01-22T06', predictions: 8, performance: expect.objectContaining({ n: 2, positives: 2 }) },
      { hour: '2001-01-22T07', predictions: 2 },
    ]);
  });

  it('merge to five minutes, those outside the window left out', () => {
    const stored = [
      { hour: '2001-01-22T06', value: [point(0, 4, lateOnce), point(11, 3)] },
      { hour: '2001-01-22T06', value: [point(11, 2, lateOnce)] },
      { hour: '2001-01-22T07', value: [point(0, 1)] },
    ];
    const window = { from: '2001-01-22T06:05:00.000Z', to: '2001-01-22T07:00:00.000Z' };
    expect(mergeFiveMinutes(stored, window)).toEqual([
      { from: '2001-01-22T06:55:00.000Z', predictions: 5, performance: expect.objectContaining({ n: 1 }) },
    ]);
  });

  it('merge paired sums by the hour', () => {
    const paired = pairedOf('regression', [{ olderScore: 1, newerScore: 2, label: 2 }]);
    const stored = [7, 6, 6].map((hour) => ({ hour: `2001-01-22T0${hour}`, value: paired }));
    expect(mergePairedHours(stored).map(({ hour, paired: { n } }) => [hour, n])).toEqual([
      ['2001-01-22T06', 2],
      ['2001-01-22T07', 1],
    ]);
  });
});

describe('paired figures', () => {
  it('compare the losses of the same requests, newer minus older', () => {
    const sums = pairedOf('regression', [
      { olderScore: 3, newerScore: 1, label: 0, arm: { served: 'older', value: 10 } },
      { olderScore: 1, newerScore: 2, label: 0, arm: { served: 'newer', value: 4 } },
      { olderScore: 0, newerScore: 0, label: 2, arm: { served: 'newer', value: 6 } },
    ]);
    // Losses 9, 1, 4 against 1, 4, 4: differences -8, 3, 0.
    expect(sums).toEqual({
      n: 3,
      sumOlderLoss: 14,
      sumNewerLoss: 9,
      sumDifference: -5,
      sumSquaredDifference: 73,
      arms: { older: { n: 1, sum: 10, sumSquares: 100 }, newer: { n: 2, sum: 10, sumSquares: 52 } },
    });
    expect(pairedMetricsOf(sums)).toEqual({
      n: 3,
      olderLoss: 14 / 3,
      newerLoss: 3,
      difference: -5 / 3,
      relativeDifference: -5 / 14,
      standardDeviation: Math.sqrt((73 - 25 / 3) / 2),
      arms: {
        older: { n: 1, mean: 10, standardDeviation: null },
        newer: { n: 2, mean: 5, standardDeviation: Math.sqrt(2) },
      },
    });
  });

  it('are null for no request, and have no spread for one', () => {
    expect(pairedMetricsOf(emptyPaired)).toMatchObject({ n: 0, difference: null, standardDeviation: null });
    const one = pairedOf('binary', [{ olderScore: 0.5, newerScore: 0.25, label: 0 }]);
    expect(pairedMetricsOf(one)).toMatchObject({
      n: 1,
      standardDeviation: null,
      arms: { older: { n: 0, mean: null } },
    });
    expect(pairedMetricsOf(one).difference).toBeCloseTo(Math.log(0.5 / 0.75), 12);
  });

  it('have no relative difference to a loss of zero', () => {
    const perfect = pairedOf('regression', [{ olderScore: 2, newerScore: 3, label: 2 }]);
    expect(pairedMetricsOf(perfect).relativeDifference).toBeNull();
  });

  it('merge to those of all requests', () => {
    const whole = fc.integer({ min: -99, max: 99 });
    const arm = fc.record({ served: fc.constantFrom('older' as const, 'newer' as const), value: whole });
    const request = fc.record(
      { olderScore: whole, newerScore: whole, label: whole, arm },
      { requiredKeys: ['olderScore', 'newerScore', 'label'] },
    );
    const requests = fc.array(request, { maxLength: 20 });
    const law = fc.property(requests, requests, (a, b) => {
      expect(mergePaired(pairedOf('regression', a), pairedOf('regression', b))).toEqual(
        pairedOf('regression', [...a, ...b]),
      );
    });
    fc.assert(law, { numRuns: 100 });
  });
});

describe('a profile', () => {
  const baseline = baselineOf('late-live', 1, 'binary');
  const feature = fc.record({
    distance: fc.constantFrom(100, 500, 999, 1_000, 4_000),
    origin: fc.constantFrom('JFK', 'LAX', 'ORD'),
    lateRate: fc.constantFrom(0.1, 0.2, null),
  });
  const rows = fc.array(fc.record({ features: feature, score: fc.constantFrom(0.1, 0.5, 0.9) }), { maxLength: 30 });

  it("counts on the baseline's bins, missing and unseen apart", () => {
    const profile = addToProfile(emptyProfile, baseline, [
      { features: { distance: 500, origin: 'ORD', lateRate: null }, score: 0.5 },
      { features: { distance: 499, origin: 'LAX' }, score: 0.49 },
    ]);
    expect(profile).toEqual({
      n: 2,
      features: {
        distance: { bins: { 0: 1, 1: 1 }, missing: 0, unseen: 0 },
        origin: { bins: { 1: 1 }, missing: 0, unseen: 1 },
        lateRate: { bins: {}, missing: 2, unseen: 0 },
      },
      scores: { 0: 1, 1: 1 },
      scoreHistogram: { 250: 1, 256: 1 },
    });
  });

  it('is the same however the rows are cut and merged', () => {
    const law = fc.property(rows, rows, (a, b) => {
      const all = addToProfile(emptyProfile, baseline, [...a, ...b]);
      const [first, second] = [addToProfile(emptyProfile, baseline, a), addToProfile(emptyProfile, baseline, b)];
      expect(addToProfile(first, baseline, b)).toEqual(all);
      expect(mergeProfiles(first, second)).toEqual(all);
      expect(mergeProfiles(second, first)).toEqual(all);
      expect(mergeProfiles(emptyProfile, first)).toEqual(first);
    });
    fc.assert(law, { numRuns: 100 });
  });
});

describe('a series', () => {
  const window = { from: '2001-01-22T06:00:00.000Z', to: '2001-01-24T12:00:00.000Z' };
  const starts = ['2001-01-23T23:00:00.000Z', '2001-01-22T07:00:00.000Z', '2001-01-23T01:00:00.000Z'];

  it('has a point per day, cut at the edges of the window', () => {
    expect(groupByWidth(starts, window, '1d', (start) => start)).toEqual([
      { from: '2001-01-22T06:00:00.000Z', to: '2001-01-23T00:00:00.000Z', items: [starts[1]] },
      { from: '2001-01-23T00:00:00.000Z', to: '2001-01-24T00:00:00.000Z', items: [starts[0], starts[2]] },
    ]);
  });

  it('has one point for the whole window, even without data', () => {
    expect(groupByWidth([], window, 'all', String)).toEqual([{ ...window, items: [] }]);
    expect(groupByWidth([], window, '1h', String)).toEqual([]);
  });

  it.each([
    ['ends before it begins', { from: window.to, to: window.from }, '1h', 'to', 'empty-window'],
    ['is empty', { from: window.from, to: window.from }, '1h', 'to', 'empty-window'],
    ['begins within an hour', { ...window, from: '2001-01-22T06:05:00.000Z' }, '1h', 'from', 'not-aligned'],
    ['ends within five minutes', { ...window, to: '2001-01-22T07:01:00.000Z' }, '5m', 'to', 'not-aligned'],
    ['is too long', { ...window, to: '2002-01-22T06:00:00.000Z' }, '1h', 'to', 'window-too-long'],
  ] as const)('is refused when it %s', (_case, asked, width, field, code) => {
    expect(windowProblem(asked, width)).toMatchObject({ field, code });
  });

  it.each([
    ['5m', '2001-01-22T06:05:00.000Z', '2001-01-29T06:05:00.000Z'],
    ['1h', '2001-01-22T06:00:00.000Z', '2001-04-24T06:00:00.000Z'],
    ['all', '2001-01-22T06:00:00.000Z', '2002-02-26T06:00:00.000Z'],
  ] as const)('of %s points may be as long as stated', (width, from, to) => {
    expect(windowProblem({ from, to }, width)).toBeUndefined();
  });
});
