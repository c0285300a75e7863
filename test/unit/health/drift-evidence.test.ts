import { describe, expect, it } from 'vitest';
import { emptyProfile } from '../../../shared/domain/ground-truth/profile.ts';
import type { Baseline } from '../../../shared/domain/health/baseline.ts';
import { buildBaseline } from '../../../shared/domain/health/build-baseline.ts';
import { dataDriftSignal } from '../../../shared/domain/health/data-drift-signal.ts';
import { profileWindow } from '../../../shared/domain/health/profile-window.ts';
import type { ReferenceRow } from '../../../shared/domain/health/reference-row.ts';
import { trainServeSkewSignal } from '../../../shared/domain/health/train-serve-skew-signal.ts';
import type { Policy } from '../../../shared/domain/registry/policy.ts';
import type { Feature } from '../../../shared/domain/registry/schemas.ts';
import { dayMillis, hourMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { baselineOf, definition, flights, modelId, policyWith, signalsWith, windowOf } from './late-flights.ts';

const rowsPerDay = 300;
const start = '2001-01-01T00:00:00.000Z';
const dayStart = (day: number) => toMillis(start) + day * dayMillis;

/** One entry a day: how far the feature has moved on it. */
function reference(shifts: readonly number[], features: readonly Feature[] = definition.features): Baseline {
  const rows = shifts.flatMap((shift, day) =>
    flights(rowsPerDay, { shift }, day * rowsPerDay).map((row, i) => ({
      ...row,
      predictedAtMillis: dayStart(day) + i * (dayMillis / rowsPerDay),
    })),
  );
  const window = { from: start, to: toInstant(dayStart(shifts.length)) };
  return buildBaseline({ modelId, version: 1, taskType: 'binary', features, rows, ...window });
}

function served(baseline: Baseline, shifts: readonly number[]) {
  const rows = shifts.flatMap((shift, day) => flights(rowsPerDay, { shift }, day * rowsPerDay));
  return windowOf(rows, baseline, shifts.length);
}

function judged(referenceShifts: readonly number[], shifts: readonly number[], policy = strict) {
  const baseline = reference(referenceShifts);
  const current = served(baseline, shifts);
  return dataDriftSignal({ policy, features: definition.features, baseline, current });
}

/** A tenth of the rows of each day comes from an airport of its own; `fresh` of the others too. */
function withRareAirports(days: number, first: number, fresh = 0): readonly ReferenceRow[] {
  return Array.from({ length: days }, (_, day) => {
    const rows = flights(rowsPerDay, {}, (first + day) * rowsPerDay);
    return rows.map((row, i) => {
      const isRare = i % 10 === 0 || (i % 100) / 100 < fresh;
      const origin = isRare ? `strip-${first + day}-${i}` : row.features.origin;
      const predictedAtMillis = dayStart(day) + i * (dayMillis / rowsPerDay);
      return { ...row, features: { ...row.features, origin }, predictedAtMillis };
    });
  }).flat();
}

const strict = signalsWith(({ dataDrift }) => ({ dataDrift: { ...dataDrift, psiWarning: 0.02, psiBreach: 0.05 } }));
const swinging = Array.from({ length: 28 }, (_, day) => [0.2, -0.2, 0.1, -0.1][day % 4]!);
const windy = [0.3, -0.1, 0.3, 0, 0.3, 0.2, -0.1, 0.3];
const mean = windy.reduce((sum, shift) => sum + shift, 0) / windy.length;

describe('evidence of drift', () => {
  it('is not there when days differ anyhow, and is there for the same shift of steady days', () => {
    const clustered = judged(swinging, windy);
    const steady = judged(
      Array.from({ length: 28 }, () => 0),
      windy.map(() => mean),
    );
    expect(clustered.parts[0]?.value).toBeGreaterThan(0.05);
    expect(clustered.verdict).not.toBe('breach');
    expect(clustered.parts[0]?.designEffect).toBeGreaterThan(5);
    expect(steady).toMatchObject({ verdict: 'breach', parts: [{ name: 'lateRate', designEffect: 1 }, {}] });
  });

  it('is kept whole in the part', () => {
    const calm = swinging.map((shift) => shift / 10);
    const [part] = judged(calm, calm.slice(0, 8)).parts;
    expect(part).toMatchObject({
      name: 'lateRate',
      n: 2_400,
      nNeeded: expect.any(Number),
      blocks: { reference: 28, current: 8 },
      alpha: 0.001,
      interval: { low: expect.any(Number), high: expect.any(Number) },
      effectFloor: expect.any(Number),
    });
    expect(part).not.toHaveProperty('score');
  });

  it('takes unseen categories for news only beyond what the reference left unseen anyhow', () => {
    const window = { from: start, to: toInstant(dayStart(28)) };
    const rows = withRareAirports(28, 0);
    const { features } = definition;
    const baseline = buildBaseline({ modelId, version: 1, taskType: 'binary', features, rows, ...window });
    const unseen = (fresh: number) => {
      const current = windowOf(withRareAirports(8, 100, fresh), baseline, 8);
      const { parts } = dataDriftSignal({ policy: strict, features, baseline, current });
      return parts.find(({ name }) => name === 'origin:unseen')?.verdict;
    };
    expect(baseline.singletonRatios).toEqual({ origin: expect.closeTo(0.1) });
    expect(unseen(0)).not.toBe('breach');
    expect(unseen(0.6)).toBe('breach');
  });

  it('is at the level that the test is given', () => {
    const baseline = reference(swinging.map((shift) => shift / 4));
    const facts = { policy: strict, features: definition.features, baseline };
    const current = served(
      baseline,
      windy.map((shift) => shift / 4 + 0.1),
    );
    const pValue = dataDriftSignal({ ...facts, current }).evidence ?? 1;
    expect(pValue).toBeGreaterThan(0);
    expect(dataDriftSignal({ ...facts, current, alphaOf: () => pValue * 1.01 }).verdict).toBe('breach');
    expect(dataDriftSignal({ ...facts, current, alphaOf: () => pValue * 0.99 }).verdict).not.toBe('breach');
  });

  it('takes the shift of a missing rate as that of two shares', () => {
    const baseline = baselineOf();
    const facts = { policy: strict, features: definition.features, baseline };
    const current = windowOf(flights(2_400, { missingRatio: 0.2 }), baseline);
    const part = dataDriftSignal({ ...facts, current }).parts.find(({ name }) => name === 'lateRate:missing');
    expect(part).toMatchObject({ verdict: 'breach', value: 0.2, reference: 0, n: 2_400, blocks: { current: 8 } });
    expect(part?.reason).toMatch(/^missing rate of lateRate 0\.2, 0 at the baseline: PSI of the two shares \d\.\d+ \(/);
  });
});

describe('the effect floor of a feature', () => {
  it('is what weeks of its reference show against each other', () => {
    const weekly = Array.from({ length: 42 }, (_, day) => (Math.floor(day / 7) % 2 === 0 ? 0.3 : -0.3));
    const signal = judged(
      weekly,
      Array.from({ length: 8 }, () => 0.25),
    );
    expect(signal.verdict).not.toBe('breach');
    expect(signal.parts[0]?.effectFloor).toBeGreaterThan(0.05);
    expect(signal.parts[0]?.reason).toContain('the reference varies by 0.');
  });
});

describe('a reference whose rows carry no time', () => {
  const shifted = (baseline: Baseline) => windowOf(flights(2_400, { shift: 0.1 }), baseline);

  it('is held to vary as the served days do, and says so', () => {
    const baseline = baselineOf(1, {}, 'timeless');
    const facts = { policy: strict, features: definition.features, baseline };
    const signal = dataDriftSignal({ ...facts, current: shifted(baseline) });
    expect(signal).toMatchObject({ verdict: 'breach', parts: [{ blocks: { reference: 21, current: 8 } }, {}] });
    expect(signal.reason).toContain('the reference, whose rows carry no time, held to vary as the current ones do');
  });

  it('of fewer than eight days gives no evidence', () => {
    const baseline = { ...baselineOf(1, {}, 'timeless'), from: '2001-01-15T00:00:00.000Z' };
    const facts = { policy: strict, features: definition.features, baseline };
    const current = windowOf(flights(2_400, { shift: 0.04 }), baseline);
    const signal = dataDriftSignal({ ...facts, current });
    expect(signal).toMatchObject({ verdict: 'insufficient-data', score: null });
    expect(signal.reason).toMatch(/: the rows of the reference carry no time$/);
  });

  it('still breaches when the shift is overwhelming', () => {
    const baseline = { ...baselineOf(1, {}, 'timeless'), from: '2001-01-15T00:00:00.000Z' };
    const current = windowOf(flights(2_400, { shift: 0.5 }), baseline);
    const facts = { policy: strict, features: definition.features, baseline };
    expect(dataDriftSignal({ ...facts, current })).toMatchObject({ verdict: 'breach', evidence: null });
  });
});

describe('many features', () => {
  const named = (count: number): readonly Feature[] =>
    Array.from({ length: count }, (_, i) => ({
      name: `f${i}`,
      type: 'numeric',
      required: true,
      importance: i / count,
    }));

  it('are looked at by importance up to the number of the policy, and the others are counted', () => {
    const features = named(5);
    const rows = (count: number): readonly ReferenceRow[] =>
      flights(count).map(({ features: { lateRate }, score }) => ({
        features: Object.fromEntries(features.map(({ name }) => [name, lateRate])),
        score,
      }));
    const baseline = buildBaseline({
      modelId,
      version: 1,
      taskType: 'binary',
      features,
      rows: rows(4_000),
      from: start,
      to: toInstant(dayStart(14)),
    });
    const policy: Policy = signalsWith(({ dataDrift }) => ({ dataDrift: { ...dataDrift, maximumFeatures: 2 } }));
    const signal = dataDriftSignal({ policy, features, baseline, current: windowOf(rows(2_400), baseline) });
    expect(signal.parts.map(({ name }) => name)).toEqual(['f3', 'f4']);
    expect(signal.reason).toMatch(/; 3 less important features are not looked at$/);
  });
});

describe('the blocks of a window', () => {
  const block = (fromHour: number, toHour: number, n: number) => ({
    from: toInstant(toMillis(start) + fromHour * hourMillis),
    to: toInstant(toMillis(start) + toHour * hourMillis),
    profile: { ...emptyProfile, n },
  });

  it('hold whole days: the hours after a deployment join the first one', () => {
    const window = profileWindow([block(0, 6, 1), block(6, 30, 10), block(30, 54, 100)], block(0, 54, 0));
    expect(window).toMatchObject({ days: 2.25, profile: { n: 111 } });
    expect(window.blocks.map(({ profile }) => profile.n)).toEqual([11, 100]);
  });

  it('may reach back beyond it, and are not part of its counts then', () => {
    const window = profileWindow([block(0, 24, 10), block(24, 48, 100)], block(24, 48, 0));
    expect(window).toMatchObject({ days: 1, profile: { n: 100 } });
    expect(window.blocks).toHaveLength(2);
  });

  it('of more rows than the window speak for fewer of them', () => {
    const baseline = reference(swinging);
    const blocks = served(baseline, windy).blocks;
    const whole = profileWindow(blocks, { from: blocks[0]!.from, to: blocks[7]!.to });
    const half = profileWindow(blocks, { from: blocks[4]!.from, to: blocks[7]!.to });
    const effectOf = (current: typeof whole) =>
      dataDriftSignal({ policy: strict, features: definition.features, baseline, current }).parts[0]?.designEffect ?? 0;
    expect(effectOf(half)).toBeGreaterThan(0.7 * effectOf(whole));
  });
});

describe('a window of fewer than eight days', () => {
  it('finds an overwhelming break at once, although its eight blocks hold the days before', () => {
    const baseline = reference(swinging.map((shift) => shift / 10));
    const { blocks } = served(baseline, [0, 0, 0, 0, 0, 0.8, 0.8, 0.8]);
    const current = profileWindow(blocks, { from: blocks[5]!.from, to: blocks[7]!.to });
    const signal = dataDriftSignal({ policy: strict, features: definition.features, baseline, current });
    expect(signal.verdict).toBe('breach');
    expect(signal.reason).toMatch(/breach at 0\.05, overwhelming over 28 and 8 blocks/);
  });
});

describe('train–serve skew', () => {
  const calm = swinging.map((shift) => shift / 10);
  const firstDayOf = (shift: number, policy = strict) => {
    const baseline = reference(calm);
    const current = served(baseline, [shift]);
    return trainServeSkewSignal({ policy, features: definition.features, baseline, current });
  };

  it('is a first day of service that is unlike the days of training', () => {
    expect(firstDayOf(0.01, policyWith())).toMatchObject({ name: 'trainServeSkew', verdict: 'ok' });
    expect(firstDayOf(0.5)).toMatchObject({ verdict: 'breach', reason: expect.stringMatching(/, on the first day/) });
  });

  it('is held against how days of training differ', () => {
    expect(firstDayOf(0.5).parts[0]).toMatchObject({ blocks: { reference: 28, current: 1 } });
  });
});
