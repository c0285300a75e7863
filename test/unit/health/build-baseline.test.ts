import { describe, expect, it } from 'vitest';
import { buildBaseline } from '../../../shared/domain/health/build-baseline.ts';
import { definition, flights } from './late-flights.ts';

const window = {
  modelId: 'late-test',
  version: 3,
  taskType: 'binary',
  features: definition.features,
  from: '2001-01-01T00:00:00.000Z',
  to: '2001-01-22T00:00:00.000Z',
} as const;

describe('buildBaseline', () => {
  it('counts every row of the reference window once per feature and score', () => {
    const baseline = buildBaseline({ ...window, rows: flights(1_000, { missingRatio: 0.1 }) });
    const { lateRate, origin } = baseline.profile.features;
    const total = (counts: Readonly<Record<string, number>> = {}) => Object.values(counts).reduce((a, b) => a + b, 0);
    expect(baseline).toMatchObject({ version: 3, n: 1_000, profile: { n: 1_000 } });
    expect([total(lateRate?.bins), lateRate?.missing, lateRate?.unseen]).toEqual([900, 100, 0]);
    expect(total(origin?.bins)).toBe(1_000);
    expect(total(baseline.profile.scores)).toBe(1_000);
  });

  it('keeps the performance of the rows that carry a label', () => {
    const rows = flights(1_000).map((row, i) => (i < 600 ? row : { ...row, label: undefined }));
    expect(buildBaseline({ ...window, rows }).performance).toMatchObject({ kind: 'binary', n: 600 });
    const unlabelled = rows.map((row) => ({ ...row, label: undefined }));
    expect(buildBaseline({ ...window, rows: unlabelled })).not.toHaveProperty('performance');
  });

  it('takes a generator, and no rows at all', () => {
    function* stream() {
      yield* flights(10);
    }
    expect(buildBaseline({ ...window, rows: stream() }).n).toBe(10);
    expect(buildBaseline({ ...window, rows: [] })).toMatchObject({ n: 0, scores: { kind: 'numeric', boundaries: [] } });
  });
});
