import { describe, expect, it } from 'vitest';
import type { EmbeddingSet } from '../../shared/domain/health/embedding/embedding-set.ts';
import { judgeEmbeddings } from '../../shared/domain/health/embedding/judge-embeddings.ts';
import { matrixOf, rowOf } from '../../shared/domain/health/embedding/matrix.ts';
import { hasOracles, readCsv, readJson } from './data.ts';

function movies(name: string): EmbeddingSet {
  const rows = readCsv(`embeddings-movies/${name}.csv.gz`);
  return {
    ids: rows.map(({ id }) => id ?? ''),
    vectors: matrixOf(rows.map(({ id: _, ...rest }) => Object.values(rest).map(Number))),
  };
}

const verdicts = {
  v1: ['ok', 'ok', 'ok'],
  // Resampled training data only; each training has coordinates of its own.
  'v1b-bootstrap': ['ok', 'ok', 'breach'],
  // Three more months of ratings: twice as many neighbours changed as resampling changes.
  'v2-retrained': ['breach', 'breach', 'breach'],
  'v3-rotated': ['ok', 'ok', 'breach'],
  'v4-misaligned-ids': ['breach', 'breach', 'breach'],
  'v5-collapsed': ['breach', 'breach', 'breach'],
  'v6-half-dim': ['breach', 'breach', 'breach'],
} as const;

describe.skipIf(!hasOracles)('verdicts on the movie embeddings', () => {
  it.each(Object.entries(verdicts))(
    '%s: intrinsic without a noise floor and against it, then coordinates: %j',
    (name, expected) => {
      const reference = movies('v1');
      const pair = { reference, current: movies(name) };
      const noise = [{ reference, current: movies('v1b-bootstrap') }];
      const [plain, floored] = [judgeEmbeddings(pair, { seed: 1 }), judgeEmbeddings(pair, { seed: 1, noise })];
      expect([plain.intrinsic.kind, floored.intrinsic.kind, plain.coordinates.kind]).toEqual(expected);
    },
  );

  it('a rotation is compatible once the aligned artefact is published', () => {
    const reference = movies('v1');
    const pair = { reference, current: movies('v3-rotated') };
    expect(judgeEmbeddings(pair, { seed: 1, aligned: reference }).kind).toBe('ok');
  });

  it('populations: alternate films are alike, decades are not', () => {
    const reference = movies('v1');
    const { populations } = readJson('embeddings-movies/oracle.json');
    const kinds = ['reference-even-vs-odd-rows (control)', 'before-2000 vs from-2012'].map((name) => {
      const pick = (rows: readonly number[]) => ({
        ids: rows.map((row) => reference.ids[row]!),
        vectors: matrixOf(rows.map((row) => rowOf(reference.vectors, row))),
      });
      const { rowsA, rowsB } = populations[name];
      const pair = { reference: pick(rowsA), current: pick(rowsB) };
      return judgeEmbeddings(pair, { seed: 1, comparison: 'windows' }).coordinates.kind;
    });
    expect(kinds).toEqual(['ok', 'breach']);
  });
});
