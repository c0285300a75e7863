import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workload } from '../../../scripts/cost/assumptions.ts';
import {
  fleets,
  minuteDesign,
  packed,
  patientDesign,
  presentDesign,
  smallFleet,
  target,
} from '../../../scripts/cost/choices.ts';
import { batchOf, callsFor, mergesOf, readsOf, windowOf, writesOf } from '../../../scripts/cost/join-batch.ts';
import { joinCost } from '../../../scripts/cost/join-cost.ts';
import { perMillion, sumOf, totalCost } from '../../../scripts/cost/total-cost.ts';

const rate = { served: 2, sampled: 2, reported: 2, models: 1 };
const load = { rows: 0, outcomes: 0, records: 100, bytes: 90_000, roundedTo: { kB1: 0, kB5: 0, kB25: 0 } };

describe('a batch of a bucket', () => {
  it('holds what came since the one before', () => {
    const batch = batchOf(rate, packed(0.2), 60, workload);
    expect(batch.perSecond).toBeCloseTo(1 / 60, 6);
    expect(batch.rows).toBeCloseTo(120, 3);
    expect(batch.outcomes).toBeCloseTo(36, 3);
    expect(batch.hourRows).toBe(7_200);
  });

  it('is no batch while nothing comes: at most one for each record', () => {
    const lonely = batchOf({ served: 0.001, sampled: 0.001, reported: 0.001, models: 1 }, packed(0), 10, workload);
    // Predictions and outcomes each have records of their own.
    expect(lonely.perSecond).toBeCloseTo(0.0013, 4);
    expect(lonely.rows + lonely.outcomes).toBeCloseTo(1, 1);
  });

  it('loses no row, however long it waits', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 100, noNaN: true }),
        fc.integer({ min: 1, max: 300 }),
        (sampled, window) => {
          const batch = batchOf(
            { served: sampled, sampled, reported: sampled, models: 1 },
            packed(0.2),
            window,
            workload,
          );
          expect(batch.perSecond * batch.rows).toBeCloseTo(sampled, 6);
        },
      ),
    );
  });

  it('writes a cursor, a profile, the performance of each hour and its parts, in whole kilobytes', () => {
    const batch = { perSecond: 1, models: 1, rows: 100, outcomes: 30, hours: 3, hourRows: 1_000 };
    const sized = { ...workload, segmentRowBytes: 45 };
    // Cursor 1, profile 1, four hours of 3; 4.5 kB of predictions, three parts of ten outcomes; each merged until 16 kB.
    expect(writesOf(batch, sized)).toEqual({ state: 14, parts: 5 + 3, merged: 4.5 + 3 * 0.45 * 2 });
    // Cursor aside: a profile, four hours; 45 kB in twelve units for each of three hours and a half.
    expect(readsOf(batch, sized)).toEqual({ state: 5, segments: 3.5 * 12 });
  });

  it('writes a row again for each merge until its part is large enough', () => {
    const sizes = [16_384, 16_383, 2_048, 2_047, 256, 255];
    expect(sizes.map((bytes) => mergesOf(bytes, workload))).toEqual([0, 1, 1, 2, 2, 3]);
  });

  it('waits as long as its calls can carry what comes meanwhile', () => {
    // 90 kB a second fill a call in 50 seconds.
    expect(callsFor(50, load, workload)).toBeCloseTo(1, 9);
    expect(windowOf(300, 1, load, workload)).toBeCloseTo(50, 9);
    expect(windowOf(300, 60, load, workload)).toBe(300);
  });
});

describe('the join', () => {
  const input = {
    rates: [rate],
    packing: packed(0.2),
    capacity: 'on-demand',
    windowSeconds: 60,
    calls: 10,
    workload,
  } as const;

  it('costs with an item per prediction a write for each of them and each outcome', () => {
    const lines = joinCost({ ...input, store: 'an item per prediction' });
    const written = lines.find(({ what }) => what === 'Join: items written')!;
    expect(written.usdPerDay).toBeCloseTo((2 * 86_400 * 1.3 * 0.625) / 1e6, 9);
  });

  it.each([1, 2, 5, 10, 30, 60, 120])('costs less with batches of twice %i s, in segments', (seconds) => {
    const of = (windowSeconds: number) => sumOf(joinCost({ ...input, store: 'segments', windowSeconds }));
    expect(of(2 * seconds)).toBeLessThan(of(seconds));
  });
});

describe('everything together', () => {
  it('is the sum of its lines, over the predictions that are made', () => {
    for (const fleet of fleets) {
      const { lines, usdPerDay, perMillion: each } = totalCost(minuteDesign(fleet), workload);
      expect(sumOf(lines)).toBe(usdPerDay);
      expect(each).toBeCloseTo(usdPerDay / 10_000, 12);
      expect(each).toBe(perMillion(usdPerDay, workload));
      for (const { what, usdPerDay: line } of lines) expect(line, what).toBeGreaterThanOrEqual(0);
      expect(new Set(lines.map(({ what }) => what)).size).toBe(lines.length);
    }
  });

  it('grows with the cap', () => {
    const costs = [1_000, 10_000, 100_000].map(
      (cap) => totalCost({ ...patientDesign(smallFleet), cap }, workload).usdPerDay,
    );
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
  });

  it('stays below the target for 500 models at the default cap, on either mode of the stream, with batches of a minute', () => {
    for (const mode of ['provisioned', 'on-demand'] as const)
      expect(totalCost({ ...minuteDesign(smallFleet), mode }, workload).perMillion).toBeLessThan(target);
  });

  it('does not when the outcomes of all predictions are sent, which is why a busy model is registered with a ratio', () => {
    const design = { ...minuteDesign(smallFleet), reported: 'of all predictions' } as const;
    expect(totalCost(design, workload).perMillion).toBeGreaterThan(target);
  });

  it('does not with batches of a second, which is why a stage sets them longer', () => {
    expect(totalCost(presentDesign(smallFleet), workload).perMillion).toBeGreaterThan(target);
  });
});
