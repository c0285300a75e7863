import { describe, expect, it } from 'vitest';
import { hourMillis, minuteMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { deployedAt, worldOf } from './rhythmic-stream.ts';

const served = (days: number, hours = 0, minutes = 0) =>
  toInstant(toMillis(deployedAt) + (days * 24 + hours) * hourMillis + minutes * minuteMillis);
/** Evaluations every so many minutes after a moment, until one breaches; minutes that took. */
async function minutesToBreach(world: ReturnType<typeof worldOf>, broken: string, every: number, most = 36 * 60) {
  for (let minutes = every; minutes <= most; minutes += every) {
    const { breaches } = await world(toInstant(toMillis(broken) + minutes * minuteMillis));
    if (breaches.includes('amount')) return minutes;
  }
  return Number.POSITIVE_INFINITY;
}

describe('a sudden break', () => {
  const breaks = [
    { after: 'nine weeks', at: served(63, 13, 20), reference: 'weeks' },
    { after: 'twelve days', at: served(12, 3, 50), reference: 'days' },
  ] as const;
  for (const { at, reference, after } of breaks)
    for (const every of [5, 15, 30, 45])
      it(`after ${after} is found within the promise when looked every ${every} minutes`, async () => {
        const world = worldOf({ seed: 1, rowsPerHour: 400, shiftAt: (millis) => (millis >= toMillis(at) ? 3 : 0) });
        const before = await world(at);
        expect(before.breaches).toEqual([]);
        expect(before.short.reference.kind).toBe(reference);
        expect(before.short.detectionHours).toBe(1);
        // Hours are counted whole: what of its hour was sound before the break dilutes it for as long.
        const diluted = new Date(at).getUTCMinutes();
        expect(await minutesToBreach(world, at, every)).toBeLessThanOrEqual(60 + every + diluted);
      });

  it('at little traffic is found in the time that enough rows take, which is promised before', async () => {
    const at = served(63, 9, 10);
    const world = worldOf({ seed: 2, rowsPerHour: 30, shiftAt: (millis) => (millis >= toMillis(at) ? 3 : 0) });
    const { short } = await world(at);
    expect(short.detectionHours).toBeGreaterThan(3);
    expect(await minutesToBreach(world, at, 45)).toBeLessThanOrEqual(short.detectionHours! * 60 + 45);
  });

  it('of missing values is found, and said since when and against what', async () => {
    const at = served(63, 13);
    const world = worldOf({ seed: 3, rowsPerHour: 400, isMissingAt: (millis) => millis >= toMillis(at) });
    const { parts, breaches } = await world(served(63, 14));
    expect(breaches).toContain('amount:missing');
    expect(parts.find(({ name }) => name === 'amount:missing')).toMatchObject({
      window: 'short',
      alpha: 0.001,
      blocks: { reference: 21, current: 1 },
      reason: expect.stringMatching(/since 2001-05-07 13:00 UTC, against the same hours of 4 weeks$/),
    });
  });

  it('does not become its own reference while it lasts', async () => {
    const at = served(63, 13);
    const world = worldOf({ seed: 4, rowsPerHour: 400, shiftAt: (millis) => (millis >= toMillis(at) ? 3 : 0) });
    const weeksLater = served(63 + 21, 14, 30);
    expect((await world(weeksLater, served(63, 14))).breaches).toContain('amount');
    const forgotten = await world(weeksLater);
    expect(forgotten.amount.value).toBeLessThan((await world(weeksLater, served(63, 14))).amount.value!);
    const earliest = (await world(served(63 + 3, 14), served(63, 14))).short.reference;
    expect(earliest).toMatchObject({ kind: 'weeks' });
  });
});

describe('what is no sudden break', () => {
  it('the rhythm of days and weeks never breaches, whatever the version is held against', async () => {
    const breaches: string[] = [];
    let evaluations = 0;
    for (const seed of [11, 12]) {
      const world = worldOf({ seed, rowsPerHour: 100 });
      // 97 minutes visit every hour of the week and every part of an hour.
      for (const [first, count] of [
        [1, 20],
        [9, 40],
        [64, 105],
      ] as const)
        for (let i = 0; i < count; i += 1) {
          const { breaches: found, short } = await world(served(first, 0, i * 97));
          evaluations += 1;
          breaches.push(...found.map((name) => `${seed} ${short.reference.kind} ${short.window.to} ${name}`));
        }
    }
    expect(evaluations).toBe(330);
    expect(breaches).toEqual([]);
  });

  it('a slow drift is not the business of the last hours', async () => {
    const start = toMillis(served(70));
    const perDay = 0.02;
    const shiftAt = (millis: number) => Math.max(0, ((millis - start) / (24 * hourMillis)) * perDay);
    const world = worldOf({ seed: 21, rowsPerHour: 400, shiftAt });
    for (const days of [71, 75, 80, 85, 90]) expect((await world(served(days, 10, 25))).breaches).toEqual([]);
  });

  it('too few rows in a day abstain and say how many it takes', async () => {
    const { amount, short } = await worldOf({ seed: 31, rowsPerHour: 3 })(served(63, 12));
    expect(amount).toMatchObject({ verdict: 'insufficient-data', window: 'short' });
    expect(amount.reason).toMatch(/needs \d+ rows, has \d+/);
    expect(toMillis(short.window.to) - toMillis(short.window.from)).toBe(24 * hourMillis);
    expect(short.detectionHours).toBeGreaterThan(24);
  });

  it('a version that serves for hours only abstains', async () => {
    const { parts } = await worldOf({ seed: 41, rowsPerHour: 400 })(served(0, 5));
    expect(new Set(parts.map(({ verdict }) => verdict))).toEqual(new Set(['insufficient-data']));
    expect(parts[0]!.reason).toBe('amount: needs 24 hours of the version, has 5');
  });

  it('only what is overwhelming breaches against the days of the baseline', async () => {
    const at = (shift: number) => worldOf({ seed: 51, rowsPerHour: 400, shiftAt: () => shift })(served(3, 12));
    expect((await at(0.7)).breaches).toEqual([]);
    expect((await at(4)).breaches).toContain('amount');
  });
});
