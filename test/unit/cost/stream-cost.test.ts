import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workload } from '../../../scripts/cost/assumptions.ts';
import { packed } from '../../../scripts/cost/choices.ts';
import { type Caps, type Fleet, modelRates, sampledPerDay, servedRates } from '../../../scripts/cost/fleet.ts';
import {
  modelLoad,
  rowsPerRecord,
  type StreamLoad,
  shardsFor,
  streamCost,
  streamLoad,
} from '../../../scripts/cost/stream-cost.ts';
import { sumOf } from '../../../scripts/cost/total-cost.ts';

const sampling = (fleet: Fleet, cap: Caps) => ({ fleet, cap, reported: 'of the sample' }) as const;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const fleetArbitrary = fc.record({
  models: fc.integer({ min: 1, max: 600 }),
  exponent: fc.double({ min: 0, max: 2, noNaN: true }),
});
const load = (given: Partial<StreamLoad>): StreamLoad => ({
  rows: 0,
  outcomes: 0,
  records: 0,
  bytes: 0,
  roundedTo: { kB1: 0, kB5: 0, kB25: 0 },
  ...given,
});

describe('the traffic of a fleet', () => {
  it('adds up to what is made in a day, the busiest first', () => {
    fc.assert(
      fc.property(fleetArbitrary, (fleet) => {
        const alike = servedRates(fleet, workload);
        expect(sum(alike.map(({ served, models }) => served * models)) * 86_400).toBeCloseTo(1e10, -2);
        expect(sum(alike.map(({ models }) => models))).toBe(fleet.models);
        const rates = alike.map(({ served }) => served);
        for (const [i, rate] of rates.slice(1).entries()) expect(rate).toBeLessThanOrEqual(rates[i]! * (1 + 1e-9));
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('reaches Runway whole without a cap, and never more than the cap of any model', () => {
    fc.assert(
      fc.property(fleetArbitrary, fc.integer({ min: 1, max: 1e9 }), (fleet, cap) => {
        const all = modelRates(sampling(fleet, Number.POSITIVE_INFINITY), workload);
        expect(sampledPerDay(all)).toBeCloseTo(workload.predictionsPerDay, -2);
        for (const { served, sampled } of modelRates(sampling(fleet, cap), workload)) {
          expect(sampled).toBeLessThanOrEqual(served);
          expect(sampled * 3_600).toBeLessThanOrEqual(cap * (1 + 1e-12));
        }
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('is 120 million rows a day of 500 models that all reach 10,000 an hour', () => {
    expect(sampledPerDay(modelRates(sampling({ models: 500, exponent: 1 }, 10_000), workload))).toBeCloseTo(120e6, 0);
  });

  it('brings outcomes of the sample, or of all predictions where the sample is not known', () => {
    const capped = sampling({ models: 2, exponent: 1 }, 3_600);
    for (const { sampled, reported } of modelRates(capped, workload)) expect(reported).toBe(sampled);
    for (const rate of modelRates({ ...capped, reported: 'of all predictions' }, workload)) {
      expect(rate.reported).toBe(rate.served);
      expect(modelLoad(rate, packed(0.2), workload).outcomes).toBe(rate.served * workload.outcomeRatio);
    }
  });

  it('may be capped otherwise for the busiest', () => {
    const rates = modelRates(
      sampling({ models: 4, exponent: 1 }, { share: 0.25, leading: 7_200, others: 3_600 }),
      workload,
    );
    expect(rates.map(({ sampled }) => sampled)).toEqual([2, 1, 1, 1]);
  });
});

describe('a packed record', () => {
  const size = { fixedBytes: 500, rowBytes: 70 };

  it('holds the row that starts it and those that come within the wait, up to its size', () => {
    expect(rowsPerRecord(10, size, packed(0))).toBe(1);
    expect(rowsPerRecord(10, size, packed(2))).toBe(21);
    expect(rowsPerRecord(1e6, size, packed(2))).toBe(350);
  });

  it('is written no more often, and takes no more bytes, when producers wait longer', () => {
    const wait = fc.double({ min: 0, max: 60, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 2e5, noNaN: true }), wait, wait, (rate, a, b) => {
        const of = (seconds: number) =>
          modelLoad({ served: rate, sampled: rate, reported: rate, models: 1 }, packed(seconds), workload);
        const [short, long] = [of(Math.min(a, b)), of(Math.max(a, b))];
        expect(long.records).toBeLessThanOrEqual(short.records * (1 + 1e-9));
        expect(long.bytes).toBeLessThanOrEqual(short.bytes * (1 + 1e-9));
        expect(long.rows).toBe(short.rows);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it('never takes more records than one for each row', () => {
    fc.assert(
      fc.property(fleetArbitrary, fc.constantFrom(0, 0.2, 5), (fleet, seconds) => {
        const rates = modelRates(sampling(fleet, 10_000), workload);
        const one = streamLoad(rates, { kind: 'plain' }, workload).records;
        expect(streamLoad(rates, packed(seconds), workload).records).toBeLessThanOrEqual(one * (1 + 1e-9));
      }),
      { seed: 1, numRuns: 40 },
    );
  });
});

describe('the stream', () => {
  it('has the shards that its bytes, its records or its calls ask for, whichever is most', () => {
    const exact = { ...workload, shardHeadroom: 1 };
    expect(shardsFor('provisioned', load({ bytes: 2.5e6, records: 10 }), 0, exact)).toBe(3);
    expect(shardsFor('provisioned', load({ bytes: 1, records: 4_200 }), 0, exact)).toBe(5);
    expect(shardsFor('provisioned', load({ bytes: 1, records: 1 }), 61, exact)).toBe(7);
    expect(shardsFor('on-demand', load({ bytes: 1, records: 1 }), 61, exact)).toBe(4);
    expect(shardsFor('on-demand', load({ bytes: 3e6, records: 1 }), 0, exact)).toBe(6);
  });

  it('costs what its price list says: two shards, and a unit for each 25 kB that a record begins', () => {
    // 10 records a second of 30 kB: 20 units; 2 × 24 × (0.015 + 0.020) + 1.728 × 0.014.
    const mean = load({ records: 10, bytes: 300_000, roundedTo: { kB1: 300_000, kB5: 300_000, kB25: 500_000 } });
    expect(sumOf(streamCost('provisioned', mean, 2, workload))).toBeCloseTo(1.68 + 0.024_192, 9);
  });

  it('costs on demand what is written as whole kilobytes, what each reader reads, and six days of keeping', () => {
    const mean = load({ records: 1, bytes: 1e9 / 86_400, roundedTo: { kB1: 2e9 / 86_400, kB5: 0, kB25: 0 } });
    expect(sumOf(streamCost('on-demand', mean, 4, workload))).toBeCloseTo(0.96 + 2 * 0.08 + 2 * 0.04 + 0.2 * 0.1, 9);
  });
});
