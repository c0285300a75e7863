import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectFloor } from '../../../../shared/domain/health/verdict/effect-floor.ts';
import { judgeShift } from '../../../../shared/domain/health/verdict/judge-shift.ts';
import { rowsNeeded } from '../../../../shared/domain/health/verdict/rows-needed.ts';
import type { ShiftInput } from '../../../../shared/domain/health/verdict/shift.ts';

const even = Array.from({ length: 10 }, () => 1_000);
const limits = { warning: 0.1, breach: 0.25 };

function judged(input: Partial<ShiftInput>) {
  return judgeShift({
    name: 'amount',
    reference: even,
    current: even,
    order: 'ordered',
    limits,
    alpha: 1e-4,
    ...input,
  });
}

/** Rows move from the lower half of the bins to the upper one. */
function moved(rows: number, share: number): readonly number[] {
  return even.map((_, bin) => Math.round((rows / 10) * (bin < 5 ? 1 - share : 1 + share)));
}

/** As many blocks as asked for, each `share` up or down in turn. */
function swinging(blocks: number, rows: number, share: number): readonly (readonly number[])[] {
  return Array.from({ length: blocks }, (_, i) => moved(rows, i % 2 === 0 ? share : -share));
}

function added(blocks: readonly (readonly number[])[]): readonly number[] {
  return even.map((_, bin) => blocks.reduce((sum, block) => sum + block[bin]!, 0));
}

describe('a shift', () => {
  it('breaches with effect and evidence', () => {
    expect(judged({ current: moved(5_000, 0.5) }).verdict).toBe('breach');
  });

  it('of breach size in too few rows is not believed, and not called ok either', () => {
    const shift = judged({ current: [0, 1, 0, 1, 1, 2, 1, 2, 2, 2] });
    expect(shift.verdict).toBe('insufficient-data');
    expect(shift.reason).toMatch(/needs \d+ rows, has 12$/);
  });

  it('that is overwhelming breaches in few rows', () => {
    expect(judged({ current: [0, 0, 0, 0, 0, 0, 0, 0, 0, 30] }).verdict).toBe('breach');
  });

  it('of a million rows that is proven but small is ok', () => {
    const shift = judged({ reference: moved(1_000_000, 0), current: moved(1_000_000, 0.02) });
    expect(shift).toMatchObject({ verdict: 'ok' });
    expect(shift.value === null ? null : shift.pValue).toBeLessThan(1e-4);
  });

  it('that days bring anyhow is no evidence', () => {
    const referenceBlocks = swinging(30, 2_000, 0.45);
    const currentBlocks = [0.6, 0.1, 0.6, -0.2, 0.6, 0.6, 0.4, 0.6].map((share) => moved(2_000, share));
    const sides = { reference: added(referenceBlocks), current: added(currentBlocks) };
    const blocks = { referenceBlocks, currentBlocks, currentSpread: 'own' as const };
    expect(judged({ ...sides, limits: { warning: 0.01, breach: 0.05 } }).verdict).toBe('breach');
    expect(judged({ ...sides, limits: { warning: 0.01, breach: 0.05 }, blocks }).verdict).not.toBe('breach');
  });

  it('over too few blocks is not believed unless it is overwhelming', () => {
    const referenceBlocks = swinging(30, 1_000, 0.02);
    const reference = added(referenceBlocks);
    const judge = (share: number) => {
      const currentBlocks = Array.from({ length: 3 }, () => moved(1_000, share));
      const blocks = { referenceBlocks, currentBlocks, currentSpread: 'own' as const };
      return judged({ reference, current: added(currentBlocks), blocks });
    };
    expect(judge(0.6)).toMatchObject({ verdict: 'insufficient-data', pValue: null });
    expect(judge(0.6).reason).toMatch(/needs 8 blocks on each side, has 30 and 3$/);
    expect(judge(0.9).verdict).toBe('breach');
  });

  it('of one block is held against how blocks of its length vary', () => {
    const referenceBlocks = Array.from({ length: 12 }, (_, i) => moved(1_000, 0.05 * ((i % 3) - 1)));
    const blocks = { referenceBlocks, currentBlocks: [], currentSpread: { asReferenceBlocks: 1 } };
    const reference = added(referenceBlocks);
    expect(judged({ reference, current: moved(1_000, 0.6), blocks }).verdict).toBe('breach');
    expect(judged({ reference, current: moved(1_000, 0.04), blocks }).verdict).toBe('ok');
  });

  it('below what the reference does to itself does not breach', () => {
    const current = moved(5_000, 0.5);
    expect(judged({ current, effectFloor: 0.5 }).verdict).toBe('warning');
  });

  it('judged by the low end of its interval needs more than the point', () => {
    const current = moved(400, 0.5);
    expect(judged({ current }).verdict).toBe('breach');
    expect(judged({ current, effectAt: 'low-end' }).verdict).not.toBe('breach');
  });

  it('to a category that nobody has seen is found where χ² would not look', () => {
    expect(judged({ reference: [10_000, 0], current: [2, 18], order: 'nominal' }).verdict).toBe('breach');
  });

  it('is never NaN and never throws', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 3, maxLength: 3 });
    const blocks = fc.array(counts, { maxLength: 12 });
    fc.assert(
      fc.property(
        counts,
        counts,
        blocks,
        blocks,
        fc.boolean(),
        (reference, current, referenceBlocks, currentBlocks, own) => {
          const currentSpread = own ? ('own' as const) : { asReferenceBlocks: 1 };
          const shift = judged({ reference, current, blocks: { referenceBlocks, currentBlocks, currentSpread } });
          expect(JSON.stringify(shift)).not.toMatch(/NaN|Infinity/);
          if (shift.value !== null) {
            for (const value of [shift.value, shift.effect, shift.score, shift.designEffect, shift.interval.high])
              expect(Number.isFinite(value)).toBe(true);
            if (shift.pValue !== null) expect(shift.pValue >= 0 && shift.pValue <= 1).toBe(true);
          }
        },
      ),
    );
  });
});

describe('rows needed', () => {
  it('are those of the simulations for PSI 0.25 and 0.1 on ten bins at 1e-4', () => {
    const of = (effect: number) =>
      rowsNeeded({ effect, alpha: 1e-4, degreesOfFreedom: 9, referenceRows: 100_000, designEffect: 1 });
    expect(of(0.25)).toBe(228);
    expect(of(0.1)).toBe(570);
  });

  it('are infinite for a reference that is too small', () => {
    expect(rowsNeeded({ effect: 0.1, alpha: 1e-4, degreesOfFreedom: 9, referenceRows: 300, designEffect: 1 })).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
});

describe('the effect floor', () => {
  it('is what stretches of the reference show against the rest of it', () => {
    expect(effectFloor(swinging(30, 1_000, 0), 7)).toBe(0);
    const drifting = Array.from({ length: 30 }, (_, i) => moved(1_000, i < 10 ? 0.5 : 0));
    expect(effectFloor(drifting, 7)).toBeGreaterThan(0.1);
  });

  it('is 0 for a reference too short to tell', () => {
    expect(effectFloor(swinging(9, 1_000, 0.5), 7)).toBe(0);
  });
});
