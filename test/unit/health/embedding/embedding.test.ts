import { describe, expect, it } from 'vitest';
import {
  debiasedAlignment,
  linearAlignment,
} from '../../../../shared/domain/health/embedding/centred-kernel-alignment.ts';
import { centroidShift } from '../../../../shared/domain/health/embedding/centroid-shift.ts';
import { cosineSimilarity } from '../../../../shared/domain/health/embedding/cosine-similarity.ts';
import { effectiveRank } from '../../../../shared/domain/health/embedding/effective-rank.ts';
import { idCoverage } from '../../../../shared/domain/health/embedding/id-coverage.ts';
import { crossProduct, type Matrix, matrixOf, product } from '../../../../shared/domain/health/embedding/matrix.ts';
import { maximumMeanDiscrepancy } from '../../../../shared/domain/health/embedding/maximum-mean-discrepancy.ts';
import { nearestRotation } from '../../../../shared/domain/health/embedding/nearest-rotation.ts';
import { neighbourOverlap } from '../../../../shared/domain/health/embedding/neighbour-overlap.ts';
import { meanDisplacement, normRatio } from '../../../../shared/domain/health/embedding/norm-ratio.ts';
import { procrustes } from '../../../../shared/domain/health/embedding/procrustes.ts';
import { signFlipTest } from '../../../../shared/domain/health/embedding/sign-flip-test.ts';
import { singularValues } from '../../../../shared/domain/health/embedding/singular-values.ts';
import { gaussian, seeded } from '../statistics/seeded.ts';

const random = seeded(3);
const cloud = (rows: number, columns: number): Matrix =>
  matrixOf(Array.from({ length: rows }, () => Array.from({ length: columns }, (_, j) => gaussian(random) * (1 + j))));
const map = (matrix: Matrix, f: (value: number, at: number) => number): Matrix => ({
  ...matrix,
  values: matrix.values.map(f),
});

const movies = cloud(60, 6);
const { rotation } = nearestRotation(cloud(6, 6));
const rotated = product(movies, rotation);
const noisy = map(movies, (value) => value + gaussian(random));
const shorter = matrixOf(Array.from({ length: 60 }, (_, row) => movies.values.slice(row * 6, row * 6 + 3)));

describe('singularValues', () => {
  it('gives the matrix back', () => {
    const { left, values, right } = singularValues(movies);
    const again = map(movies, (_, at) =>
      values.reduce((sum, value, k) => sum + left[k]![Math.floor(at / 6)]! * value * right[k]![at % 6]!, 0),
    );
    again.values.forEach((value, at) => {
      expect(value).toBeCloseTo(movies.values[at]!, 10);
    });
  });

  it('finds those of a known matrix, small ones included', () => {
    const { values } = singularValues(
      matrixOf([
        [3, 0],
        [4, 5],
      ]),
    );
    expect([...values].sort((a, b) => a - b)).toEqual([
      expect.closeTo(Math.sqrt(5), 12),
      expect.closeTo(Math.sqrt(45), 12),
    ]);
    const graded = singularValues(
      matrixOf([
        [1, 1],
        [0, 1e-20],
      ]),
    ).values;
    expect(Math.min(...graded) / 7.071067811865475e-21).toBeCloseTo(1, 9);
  });
});

describe('nearestRotation', () => {
  it('is orthogonal, also where the matrix says nothing', () => {
    for (const matrix of [
      cloud(6, 6),
      crossProduct(cloud(2, 6), cloud(2, 6)),
      matrixOf([
        [0, 0],
        [0, 0],
      ]),
    ]) {
      const factor = nearestRotation(matrix).rotation;
      crossProduct(factor, factor).values.forEach((value, at) => {
        expect(value).toBeCloseTo(at % (matrix.columns + 1) === 0 ? 1 : 0, 12);
      });
    }
  });
});

describe('a rotation', () => {
  it('changes raw cosines and nothing that is intrinsic', () => {
    expect(cosineSimilarity(movies, rotated).value).toBeLessThan(0.9);
    expect(procrustes(movies, rotated).value).toBeLessThan(1e-12);
    expect(neighbourOverlap(movies, rotated, 5).value).toBeCloseTo(1, 12);
    expect(linearAlignment(movies, rotated).value).toBeCloseTo(1, 12);
    expect(debiasedAlignment(movies, rotated).value).toBeCloseTo(1, 12);
    expect(normRatio(movies, rotated).value).toBeCloseTo(1, 12);
  });
});

describe('a version and itself', () => {
  it('do not differ', () => {
    expect(cosineSimilarity(movies, movies)).toMatchObject({ value: expect.closeTo(1, 12), undefinedRows: 0 });
    expect(meanDisplacement(movies, movies).value).toBe(0);
    expect(centroidShift(movies, movies).value).toBe(0);
    expect(neighbourOverlap(movies, movies, 5)).toMatchObject({ value: expect.closeTo(1, 12), minimum: 1 });
    expect(maximumMeanDiscrepancy(movies, movies).value).toBeCloseTo(0, 12);
  });
});

describe('misplaced ids', () => {
  const misplaced = matrixOf(
    Array.from({ length: 60 }, (_, row) => movies.values.slice(((row + 1) % 60) * 6, ((row + 1) % 60) * 6 + 6)),
  );

  it('are seen after alignment and by neighbours, and hide from centroid and discrepancy', () => {
    expect(procrustes(movies, misplaced).value).toBeGreaterThan(0.5);
    expect(neighbourOverlap(movies, misplaced, 5).value).toBeLessThan(0.5);
    expect(centroidShift(movies, misplaced).value).toBeCloseTo(0, 12);
    expect(maximumMeanDiscrepancy(movies, misplaced).value).toBeCloseTo(0, 12);
  });
});

describe('a collapse', () => {
  const collapsed = map(movies, (value, at) => (at % 6 === 5 ? value : value * 0.01));

  it('lowers the effective rank and the norms', () => {
    expect(effectiveRank(collapsed).value).toBeLessThan(1.5);
    expect(effectiveRank(movies).value).toBeGreaterThan(4);
    expect(normRatio(movies, collapsed).value).toBeLessThan(0.9);
  });

  it('to a point leaves no rank, alignment or kernel', () => {
    const point = map(movies, () => 0.3);
    expect(effectiveRank(point)).toMatchObject({ value: null });
    expect(linearAlignment(movies, point)).toMatchObject({ value: null, reason: 'all vectors of a version are equal' });
    expect(debiasedAlignment(movies, point).value).toBeNull();
    expect(procrustes(point, movies, 'centred').value).toBeNull();
    expect(maximumMeanDiscrepancy(point, point).value).toBeNull();
  });
});

describe('versions of different dimension', () => {
  it('are compared by neighbours and alignment, not by coordinates', () => {
    expect(neighbourOverlap(movies, shorter, 5).value).toBeGreaterThan(0);
    expect(linearAlignment(movies, shorter).value).toBeGreaterThan(0);
    const reason = 'the dimensions differ: 6 against 3';
    for (const compare of [cosineSimilarity, procrustes, centroidShift, maximumMeanDiscrepancy, meanDisplacement]) {
      expect(compare(movies, shorter)).toMatchObject({ value: null, reason });
    }
  });
});

describe('empty and unmatched versions', () => {
  const empty = matrixOf([]);

  it('are undefined with a reason', () => {
    for (const compare of [
      cosineSimilarity,
      procrustes,
      centroidShift,
      maximumMeanDiscrepancy,
      linearAlignment,
      normRatio,
    ]) {
      expect(compare(empty, empty)).toMatchObject({ value: null, reason: expect.any(String) });
    }
    expect(procrustes(movies, cloud(59, 6))).toMatchObject({
      reason: '60 rows against 59: rows must be matched by id',
    });
    expect(neighbourOverlap(cloud(4, 2), cloud(4, 2), 4)).toMatchObject({ reason: 'needs more than 4 rows, has 4' });
    expect(debiasedAlignment(cloud(3, 2), cloud(3, 2))).toMatchObject({ reason: 'needs 4 rows, has 3' });
    expect(cosineSimilarity(matrixOf([[0, 0]]), matrixOf([[1, 0]])).value).toBeNull();
  });
});

describe('idCoverage', () => {
  it('matches rows by id', () => {
    expect(idCoverage(['a', 'b', 'c', 'b'], ['d', 'c', 'a'])).toEqual({
      value: 2 / 3,
      shared: 2,
      lost: 1,
      added: 1,
      duplicates: 1,
      pairs: [
        [0, 2],
        [2, 1],
      ],
    });
    expect(idCoverage([], ['a'])).toMatchObject({ value: null });
  });
});

describe('tests of populations and of pairs', () => {
  it('find a shift, and the same seed finds the same', () => {
    const moved = map(cloud(50, 6), (value) => value + 3);
    const test = () => maximumMeanDiscrepancy(movies, moved, { permutations: 99, random: seeded(8) });
    expect(test()).toMatchObject({ pValue: 0.01 });
    expect(test()).toEqual(test());
    const common = map(noisy, (value) => value + 0.5);
    expect(signFlipTest(movies, common, { flips: 199, random: seeded(8) }).pValue).toBeLessThan(0.02);
  });

  it('reject about one in twenty at 5 % when nothing moved', () => {
    let [populations, pairs] = [0, 0];
    const rounds = 200;
    for (let round = 0; round < rounds; round += 1) {
      const [a, b] = [cloud(15, 3), cloud(15, 3)];
      if ((maximumMeanDiscrepancy(a, b, { permutations: 39, random }).pValue ?? 1) <= 0.05) populations += 1;
      const jittered = map(a, (value) => value + gaussian(random));
      if ((signFlipTest(a, jittered, { flips: 39, random }).pValue ?? 1) <= 0.05) pairs += 1;
    }
    for (const rejected of [populations, pairs]) {
      expect(rejected / rounds).toBeGreaterThan(0.01);
      expect(rejected / rounds).toBeLessThan(0.1);
    }
  });
});
