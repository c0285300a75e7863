import { describe, expect, it } from 'vitest';
import { judgeEmbeddings } from '../../../../shared/domain/health/embedding/judge-embeddings.ts';
import { matrixOf } from '../../../../shared/domain/health/embedding/matrix.ts';
import { changed, cloud, version } from './made-up-versions.ts';

const before = version(cloud(200, 6, 1), 'before');
const after = version(cloud(200, 6, 2), 'after');

describe('windows of one version, whose requests are others', () => {
  const judge = (current = after) =>
    judgeEmbeddings({ reference: before, current }, { seed: 4, comparison: 'windows' });

  it('are ok when the populations are alike', () => {
    const { relation, intrinsic, coordinates, discrepancy } = judge();
    expect(relation).toBe('unmatched');
    expect([intrinsic.kind, coordinates.kind]).toEqual(['ok', 'ok']);
    expect(discrepancy.pValue).toBeGreaterThan(0.01);
  });

  it('breach when the population moved', () => {
    const { coordinates } = judge(changed(after, (value, column) => (column === 0 ? value + 1.5 : value)));
    expect(coordinates).toMatchObject({ kind: 'breach', reason: expect.stringContaining('maximum mean discrepancy') });
  });

  it('breach intrinsically when the vectors collapse', () => {
    expect(judge(changed(after, (value) => 0.3 + (value - 0.3) * 0.2)).intrinsic.kind).toBe('breach');
  });
});

describe('versions without enough shared ids', () => {
  it('abstain from an intrinsic ok and say what they need', () => {
    const { intrinsic } = judgeEmbeddings({ reference: before, current: after }, { seed: 4 });
    expect(intrinsic).toMatchObject({ kind: 'insufficient-data', n: 0, nNeeded: 50 });
    expect(intrinsic.reason).toBe('needs 50 rows, has 0');
  });

  it('give no p-value of exchangeable rows to matched ones', () => {
    const { discrepancy } = judgeEmbeddings({ reference: before, current: before }, { seed: 4 });
    expect(discrepancy).toMatchObject({ value: expect.closeTo(0, 12), pValue: null });
  });

  it('abstain when all ids are shared but few', () => {
    const few = version(cloud(30, 6));
    const { intrinsic, coordinates } = judgeEmbeddings({ reference: few, current: few }, { seed: 4 });
    expect([intrinsic.kind, coordinates.kind]).toEqual(['insufficient-data', 'insufficient-data']);
  });
});

describe('whatever the vectors', () => {
  const rows = (...vectors: readonly (readonly number[])[]) => version(matrixOf(vectors));
  const empty = rows();
  const one = rows([1]);
  const cases = {
    empty: [empty, empty],
    'nothing now': [before, empty],
    'nothing before': [empty, before],
    'one row': [rows([1, 2]), rows([2, 1])],
    'one dimension': [version(cloud(60, 1)), version(cloud(60, 1, 3))],
    'one row of one dimension': [one, one],
    'no dimension': [{ ids: ['a'], vectors: { rows: 1, columns: 0, values: new Float64Array(0) } }, one],
    'zero rows': [changed(before, () => 0), changed(before, () => 0)],
    'not a number': [changed(before, () => Number.NaN), before],
    infinite: [before, changed(before, () => Number.POSITIVE_INFINITY)],
    huge: [changed(before, (value) => value * 1e200), changed(before, (value) => value * 1e300)],
    large: [changed(before, (value) => value * 1e60), before],
    tiny: [changed(before, (value) => value * 1e-300), before],
    'duplicate ids': [{ ...before, ids: before.ids.map(() => 'same') }, before],
    'equal vectors': [changed(before, () => 1), changed(before, () => 1)],
    'other dimension, few rows': [rows([1, 2], [2, 1]), rows([1], [2])],
  } as const;

  it.each(Object.entries(cases))('%s: a figure or a reason, no exception, no NaN', (_, [reference, current]) => {
    const result = judgeEmbeddings({ reference, current }, { seed: 1, noise: [{ reference, current }] });
    const { rows: _rows, ...judged } = result;
    const numbers: number[] = [];
    JSON.stringify(judged, (_key, value: unknown) => {
      if (typeof value === 'number') numbers.push(value);
      return value;
    });
    expect(numbers.filter((value) => !Number.isFinite(value))).toEqual([]);
    for (const { kind, reason } of [judged.intrinsic, judged.coordinates]) {
      expect(['ok', 'warning', 'breach', 'insufficient-data']).toContain(kind);
      expect(reason).not.toBe('');
      expect(reason).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});
