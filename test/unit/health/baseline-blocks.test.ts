import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packJson } from '../../../shared/domain/ground-truth/packed-json.ts';
import { mergeAllProfiles } from '../../../shared/domain/ground-truth/profile.ts';
import { blockCalendar } from '../../../shared/domain/health/block-calendar.ts';
import { buildBaseline } from '../../../shared/domain/health/build-baseline.ts';
import { fitBlocks } from '../../../shared/domain/health/fit-blocks.ts';
import { seededRandom } from '../../../shared/domain/seeded-random.ts';
import { dayMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';
import { definition, flights } from './late-flights.ts';

const start = toMillis('2001-01-01T00:00:00.000Z');

function baselineOver(days: number, rows = 2_000) {
  const times = { from: toInstant(start), to: toInstant(start + days * dayMillis - 1) };
  const random = seededRandom(days);
  const timed = flights(rows).map((row) => ({
    ...row,
    predictedAtMillis: start + Math.floor(random() * days * dayMillis),
  }));
  const { features } = definition;
  return buildBaseline({ modelId: 'late-test', version: 1, taskType: 'binary', features, rows: timed, ...times });
}

describe('blocks of a baseline', () => {
  it('are the days of its window, and their sum is its profile', () => {
    const baseline = baselineOver(21);
    expect(baseline.blocks).toHaveLength(21);
    expect(baseline.blocks?.[1]).toMatchObject({ from: '2001-01-02T00:00:00.000Z', to: '2001-01-03T00:00:00.000Z' });
    expect(mergeAllProfiles(baseline.blocks!.map(({ profile }) => profile))).toEqual(baseline.profile);
    expect(baseline).not.toHaveProperty('blocksOmitted');
  });

  it('leave out days without a row, and are absent when rows carry no time', () => {
    const rows = flights(10).map((row) => ({ ...row, predictedAtMillis: start + 5 * dayMillis }));
    const window = { modelId: 'late-test', version: 1, taskType: 'binary', features: definition.features } as const;
    const times = { from: toInstant(start), to: toInstant(start + 9 * dayMillis) };
    expect(buildBaseline({ ...window, ...times, rows }).blocks).toMatchObject([
      { from: '2001-01-06T00:00:00.000Z', profile: { n: 10 } },
    ]);
    expect(buildBaseline({ ...window, ...times, rows: flights(10) })).not.toHaveProperty('blocks');
  });

  it('are at most 60 of equally many days, and never fewer than 8 when the window has 8', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), (days) => {
        const calendar = blockCalendar(toInstant(start + 1), toInstant(start + days * dayMillis - 1));
        const bounds = Array.from({ length: calendar.count }, (_, i) => calendar.boundsOf(i));
        const lengths = bounds.map(({ from, to }) => (toMillis(to) - toMillis(from)) / dayMillis);
        expect(calendar.count).toBeLessThanOrEqual(60);
        expect(calendar.count).toBeGreaterThanOrEqual(Math.min(8, days));
        expect(lengths.reduce((sum, length) => sum + length)).toBe(days);
        expect(new Set(lengths.slice(0, -1)).size).toBeLessThanOrEqual(1);
        expect(lengths.at(-1)).toBeLessThanOrEqual(lengths[0]!);
        for (const [i, { from, to }] of bounds.entries()) {
          expect(calendar.indexOf(toMillis(from))).toBe(i);
          expect(calendar.indexOf(toMillis(to) - 1)).toBe(i);
        }
      }),
    );
  });
});

describe('fitBlocks', () => {
  const baseline = baselineOver(30);
  const features = definition.features.map((feature, i) => ({ ...feature, importance: i / 10 }));
  const byImportance = features.map(({ name }) => name).reverse();

  it('drops the blocks of the least important features first, and says which', () => {
    for (const ratio of [0.9, 0.6, 0.3]) {
      const least = packJson(fitBlocks(baseline, features, 0)).byteLength;
      const limit = least + (packJson(baseline).byteLength - least) * ratio;
      const fitted = fitBlocks(baseline, features, limit);
      expect(packJson(fitted).byteLength).toBeLessThanOrEqual(limit);
      const kept = Object.keys(fitted.blocks?.[0]?.profile.features ?? {});
      expect(fitted.blocksOmitted).toEqual(byImportance.filter((name) => !kept.includes(name)));
      expect(fitted.blocksOmitted).toEqual(byImportance.slice(-fitted.blocksOmitted!.length));
      expect(fitted.profile).toEqual(baseline.profile);
    }
  });

  it('keeps everything that fits, and gives up the scores of the blocks last', () => {
    expect(fitBlocks(baseline, features)).toBe(baseline);
    const none = fitBlocks(baseline, features, 10);
    expect(none).not.toHaveProperty('blocks');
    expect(none.blocksOmitted).toEqual(byImportance);
  });
});
