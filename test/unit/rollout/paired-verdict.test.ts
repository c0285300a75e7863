import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidateLosses, type LossBlocks, lossBlocks } from '../../../shared/domain/rollout/loss-blocks.ts';
import { pairedVerdict } from '../../../shared/domain/rollout/paired-verdict.ts';
import { pairedHour } from './flight-rollouts.ts';
import { normal, uniform } from './seeded.ts';

const limits = { marginRatio: 0.02, significance: 0.05, minimumRows: 100 };

/** Student 1908, additional hours of sleep: mean 1.58, 95 % interval 0.70 to 2.46 (R: `t.test(extra ~ group, paired)`). */
const sleep = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];

describe('pairedVerdict', () => {
  it("gives Student's paired interval when every block weighs the same", () => {
    const blocks = sleep.map((difference) => ({ n: 100, championLoss: 1, difference }));
    const { paired } = pairedVerdict({ unit: 'day', blocks }, { ...limits, significance: 0.025 });
    expect(paired.relativeDifference).toBeCloseTo(1.58, 10);
    expect(paired.interval?.[0]).toBeCloseTo(0.7001142, 6);
    expect(paired.interval?.[1]).toBeCloseTo(2.4598858, 6);
    expect(paired).toMatchObject({ n: 1_000, blocks: 10, championLoss: 0.01 });
  });

  it('has no interval width when the candidate is the champion', () => {
    const blocks = [3, 4, 5].map((championLoss) => ({ n: 100, championLoss, difference: 0 }));
    expect(pairedVerdict({ unit: 'day', blocks }, limits)).toMatchObject({
      verdict: 'pass',
      paired: { relativeDifference: 0, interval: [0, 0] },
    });
  });

  it.each([
    ['no rows', [], 'needs 100 rows scored by both, has 0'],
    ['too few rows', [{ n: 99, championLoss: 50, difference: -20 }], 'needs 100 rows scored by both, has 99'],
    [
      'too few days',
      [1, 2].map(() => ({ n: 500, championLoss: 250, difference: -100 })),
      'needs rows of 3 days, has 2',
    ],
    [
      'a champion without loss',
      [1, 2, 3].map(() => ({ n: 500, championLoss: 0, difference: 1 })),
      'the champion made no loss',
    ],
  ])('is inconclusive with %s', (_, blocks, reason) => {
    const result = pairedVerdict({ unit: 'day', blocks }, limits);
    expect(result).toMatchObject({ verdict: 'inconclusive', paired: { interval: null } });
    expect(result.reason).toContain(reason);
  });

  it('says how many rows an inconclusive comparison would need', () => {
    const blocks = [-2, 3, 1, -1].map((difference) => ({ n: 100, championLoss: 50, difference }));
    expect(pairedVerdict({ unit: 'day', blocks }, limits).reason).toMatch(
      /inconclusive .*n 400 in 4 day blocks; needs about \d+\)/,
    );
  });

  it('says what a conclusive comparison rests on, and asks for no more', () => {
    const blocks = [-2, -3, -1, -2].map((difference) => ({ n: 100, championLoss: 50, difference }));
    // Mean -2, sample standard deviation 0.816, t(0.95, 3) = 2.353: half-width 2.353 · 0.816 / √4 / 50 = 1.92 %.
    expect(pairedVerdict({ unit: 'day', blocks }, limits).reason).toBe(
      'paired loss pass (loss -4.0 % against the champion, interval -5.9 % to -2.1 %, margin +2.0 %, n 400 in 4 day blocks)',
    );
  });

  it('depends on nothing but the relative size of the losses, and not on the order of the blocks', () => {
    const block = fc.record({
      n: fc.integer({ min: 1, max: 999 }),
      championLoss: fc.double({ min: 1, max: 500, noNaN: true }),
      difference: fc.double({ min: -50, max: 50, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 3, maxLength: 12 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (blocks, scale) => {
          const plain = pairedVerdict({ unit: 'day', blocks }, { ...limits, minimumRows: 1 });
          const scaled = blocks.map(({ n, championLoss, difference }) => ({
            n,
            championLoss: championLoss * scale,
            difference: difference * scale,
          }));
          const other = pairedVerdict({ unit: 'day', blocks: scaled.reverse() }, { ...limits, minimumRows: 1 });
          expect(other.paired.relativeDifference).toBeCloseTo(plain.paired.relativeDifference ?? Number.NaN, 8);
          expect(plain.paired.interval?.every(Number.isFinite)).toBe(true);
          expect(plain.verdict === 'pass').toBe((plain.paired.interval?.[1] ?? 1) < 0.02);
        },
      ),
    );
  });
});

describe('lossBlocks', () => {
  const hours = (count: number) =>
    Array.from({ length: count }, (_, index) => candidateLosses(pairedHour(index, 10, 5, 1), 'newer'));

  it('are days once there are enough of them, else hours', () => {
    expect(lossBlocks(hours(72), 3)).toEqual({
      unit: 'day',
      blocks: [1, 2, 3].map(() => ({ n: 240, championLoss: 120, difference: 24 })),
    });
    expect(lossBlocks(hours(48), 3)).toMatchObject({ unit: 'hour', blocks: { length: 48 } });
  });

  it('leave out hours without pairs', () => {
    expect(lossBlocks([candidateLosses(pairedHour(0, 0, 0, 0), 'newer')], 3).blocks).toEqual([]);
  });

  it('see the candidate as the candidate, also when its number is the lower one', () => {
    expect(candidateLosses(pairedHour(0, 10, 5, 1), 'newer')).toMatchObject({ championLoss: 5, difference: 1 });
    expect(candidateLosses(pairedHour(0, 10, 5, 1), 'older')).toMatchObject({ championLoss: 6, difference: -1 });
  });
});

describe('1,000 seeded comparisons', () => {
  // Shaped like the flights: 14 days of about 1,600 rows, log loss 0.45, a shared good or bad day on top of the rows' noise.
  function verdicts(trueDifference: number, seed: number): Readonly<Record<string, number>> {
    const next = uniform(seed);
    const noise = normal(next);
    const count: Record<string, number> = { pass: 0, fail: 0, inconclusive: 0 };
    for (let run = 0; run < 1_000; run += 1) {
      const blocks: LossBlocks['blocks'] = Array.from({ length: 14 }, () => {
        const n = Math.round(1_200 + 800 * next());
        const championLoss = n * (0.45 + 0.05 * noise());
        return {
          n,
          championLoss,
          difference: championLoss * (trueDifference + 0.01 * noise()) + 0.15 * Math.sqrt(n) * noise(),
        };
      });
      const { verdict } = pairedVerdict({ unit: 'day', blocks }, limits);
      count[verdict] = (count[verdict] ?? 0) + 1;
    }
    return count;
  }

  it('pass a candidate exactly at the margin about as often as the level says', () => {
    const { pass, fail } = verdicts(0.02, 11);
    expect(pass).toBeGreaterThan(25);
    expect(pass).toBeLessThan(75);
    expect(fail).toBeGreaterThan(25);
    expect(fail).toBeLessThan(75);
  });

  it('pass an equal candidate nearly always and never call it worse', () => {
    const { pass, fail } = verdicts(0, 12);
    expect(pass).toBeGreaterThan(950);
    expect(fail).toBe(0);
  });

  it('fail a candidate that is 10 % worse, always', () => {
    expect(verdicts(0.1, 13)).toEqual({ pass: 0, fail: 1_000, inconclusive: 0 });
  });
});
