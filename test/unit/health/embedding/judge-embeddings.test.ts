import { describe, expect, it } from 'vitest';
import type { EmbeddingSet } from '../../../../shared/domain/health/embedding/embedding-set.ts';
import { type EmbeddingOptions, judgeEmbeddings } from '../../../../shared/domain/health/embedding/judge-embeddings.ts';
import { changed, cloud, firstColumns, permuted, retrained, rotated, version } from './made-up-versions.ts';

const reference = version(cloud(200, 8));
const noise = [{ reference, current: retrained(reference, 0.3, 21) }];
const judge = (current: EmbeddingSet, options: Partial<EmbeddingOptions> = {}) =>
  judgeEmbeddings({ reference, current }, { seed: 1, ...options });
const kinds = (current: EmbeddingSet, options: Partial<EmbeddingOptions> = {}) => {
  const { intrinsic, coordinates } = judge(current, options);
  return [intrinsic.kind, coordinates.kind];
};
const beyond = (current: EmbeddingSet, options: Partial<EmbeddingOptions> = {}) =>
  judge(current, options)
    .intrinsic.checks.filter(({ verdict }) => verdict === 'breach')
    .map(({ name }) => name);

describe('a version against itself', () => {
  it('is ok on both sides', () => {
    expect(kinds(reference)).toEqual(['ok', 'ok']);
  });

  it('gives the same answer for the same seed', () => {
    expect(judge(retrained(reference, 0.3, 3))).toEqual(judge(retrained(reference, 0.3, 3)));
  });
});

describe('a rotation', () => {
  const current = rotated(reference);

  it('leaves the items where they were and blocks consumers of raw coordinates', () => {
    expect(kinds(current)).toEqual(['ok', 'breach']);
    expect(judge(current).coordinates.reason).toMatch('5 % quantile of the raw cosine');
  });

  it('is compatible once the aligned artefact is published', () => {
    const { coordinates, kind } = judge(current, { aligned: reference });
    expect(coordinates).toMatchObject({ kind: 'ok', reason: expect.stringContaining('aligned artefact is published') });
    expect(kind).toBe('ok');
  });

  it('is not made compatible by an aligned artefact that is not aligned', () => {
    expect(kinds(current, { aligned: rotated(current, 9) })).toEqual(['ok', 'breach']);
  });
});

describe('another training on resampled data', () => {
  it('is within the noise that another pair has shown', () => {
    expect(kinds(retrained(reference, 0.3, 22), { noise })).toEqual(['ok', 'breach']);
  });

  it('is beyond it when the change is larger', () => {
    expect(beyond(retrained(reference, 0.9, 22), { noise })).toContain('neighbourOverlap');
  });

  it('is held against the worst of several pairs', () => {
    const noisier = [...noise, { reference, current: retrained(reference, 0.8, 23) }];
    expect(kinds(retrained(reference, 0.8, 24), { noise: noisier })[0]).toBe('ok');
    expect(kinds(retrained(reference, 0.8, 24), { noise })[0]).toBe('breach');
  });
});

describe('misplaced ids', () => {
  it.each([0.05, 0.2])('of a share of %d are found and named, and a mean hides them', (share) => {
    const { intrinsic, figures } = judge(permuted(reference, share));
    const check = intrinsic.checks.find(({ name }) => name === 'misplacedIds');
    expect(check).toMatchObject({ verdict: 'breach', reason: expect.stringMatching(/item-\d+ looks like item-\d+/) });
    expect(check?.value).toBeGreaterThan(0.6 * share);
    expect(check?.value).toBeLessThanOrEqual(share);
    if (share === 0.05) expect(figures.alignmentLinear.value).toBeGreaterThan(0.85);
  });

  it.each([0.05, 0.2])('of a share of %d are found among the errors of another training', (share) => {
    expect(beyond(permuted(retrained(reference, 0.3, 25), share), { noise })).toContain('misplacedIds');
  });

  it('are not seen in another training alone', () => {
    expect(beyond(retrained(reference, 0.5, 26))).not.toContain('misplacedIds');
  });

  it('of all rows leave no more common neighbours than chance', () => {
    const { intrinsic } = judge(permuted(reference, 1));
    expect(intrinsic.kind).toBe('breach');
    expect(intrinsic.reason).toMatch('little more than chance, so the ids may be permuted');
  });
});

describe('a collapse', () => {
  it('of half of the dimensions is a breach by the effective rank', () => {
    const collapsed = changed(reference, (value, column) => (column < 4 ? value : 0));
    expect(beyond(collapsed)).toContain('effectiveRank');
  });

  it('towards a point is a breach by the spread, which kernel alignment does not see', () => {
    const collapsed = changed(reference, (value) => 0.3 + 0.1 * (value - 0.3));
    expect(beyond(collapsed)).toContain('spread');
    expect(judge(collapsed).figures.alignmentLinear.value).toBeCloseTo(1, 6);
  });

  it('onto one point is a breach without a number', () => {
    const point = changed(reference, () => 1);
    expect(judge(point).intrinsic).toMatchObject({
      kind: 'breach',
      reason: expect.stringContaining('all vectors are equal'),
    });
  });

  it('of some vectors to nothing, or to no number, is seen though their cosine is undefined', () => {
    for (const lost of [0, Number.NaN]) {
      const spoiled = changed(reference, (value, _, row) => (row % 20 === 0 ? lost : value));
      expect(beyond(spoiled)).toContain('spoiledVectors');
    }
  });
});

describe('another dimension', () => {
  it('is incompatible by definition, and its neighbours are judged', () => {
    const { intrinsic, coordinates } = judge(firstColumns(reference, 7));
    expect(coordinates).toMatchObject({
      kind: 'breach',
      reason: 'the dimension is 7 and was 8: no coordinate means what it meant',
    });
    expect(intrinsic.checks.map(({ name }) => name)).toEqual([
      'effectiveRank',
      'neighbourOverlap',
      'spoiledVectors',
      'idCoverage',
    ]);
    expect(intrinsic.kind).toBe('ok');
  });
});
