import { describe, expect, it } from 'vitest';
import { createBinFinder } from '../../../shared/domain/health/bin-finder.ts';
import { numericBins } from '../../../shared/domain/health/bins.ts';
import { createCategoryCounter } from '../../../shared/domain/health/category-counter.ts';
import { createRowSample } from '../../../shared/domain/health/row-sample.ts';
import { seededRandom } from '../../../shared/domain/seeded-random.ts';

const features = [{ name: 'x', type: 'numeric', required: true, importance: 1 }] as const;

describe('createBinFinder', () => {
  it('cuts at the deciles of all rows up to 200,000', () => {
    const random = seededRandom(3);
    const values = Array.from({ length: 5_000 }, random);
    const finder = createBinFinder(features);
    for (const x of values) finder.add({ features: { x }, score: x / 2 });
    expect(finder.found()).toEqual({
      features: { x: numericBins(values) },
      scores: numericBins(values.map((x) => x / 2)),
    });
  });

  it('cuts at the deciles of a sample beyond, the same for the same rows, and says of how many', () => {
    const found = () => {
      const finder = createBinFinder(features);
      for (let i = 0; i < 250_000; i += 1) finder.add({ features: { x: i }, score: 0 });
      return finder.found();
    };
    const bins = found();
    expect(bins.sampledRows).toBe(200_000);
    const { x } = bins.features;
    const edges = x?.kind === 'numeric' ? x.boundaries.map(({ value }) => value / 250_000) : [];
    expect(edges).toHaveLength(9);
    for (const [i, edge] of edges.entries()) expect(edge).toBeCloseTo((i + 1) / 10, 2);
    expect(found()).toEqual(bins);
  });
});

describe('createRowSample', () => {
  it('keeps every row with the same probability', () => {
    const random = seededRandom(11);
    const kept = Array.from({ length: 20 }, () => 0);
    for (let run = 0; run < 4_000; run += 1) {
      const sample = createRowSample({ columns: 1, maximumRows: 5, random });
      for (let row = 0; row < 20; row += 1) sample.add(() => row);
      for (const row of sample.column(0)) kept[row]! += 1;
    }
    // Binomial of 4,000 and 1/4: four standard deviations are 110.
    for (const count of kept) expect(Math.abs(count - 1_000)).toBeLessThan(110);
  });

  it('keeps rows together', () => {
    const sample = createRowSample({ columns: 2, maximumRows: 10, random: seededRandom(1) });
    for (let row = 0; row < 3_000; row += 1) sample.add((column) => row * 10 + column);
    const [left, right] = [sample.column(0), sample.column(1)];
    expect([...right]).toEqual([...left].map((value) => value + 1));
    expect(sample.isWhole()).toBe(false);
  });
});

describe('createCategoryCounter', () => {
  it('keeps what is frequent in bounded memory, short by little', () => {
    const counter = createCategoryCounter(10);
    for (let i = 0; i < 1_000; i += 1) {
      counter.add(`rare ${i}`);
      if (i % 4 === 0) counter.add('common');
    }
    const counts = counter.counts();
    expect(counts.size).toBeLessThanOrEqual(10);
    expect(counts.get('common')).toBeLessThanOrEqual(250);
    expect(counts.get('common')).toBeGreaterThanOrEqual(250 - 1_250 / 11);
  });

  it('is exact while there are few', () => {
    const counter = createCategoryCounter();
    for (const category of ['a', 'b', 'a']) counter.add(category);
    expect([...counter.counts()]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });
});
