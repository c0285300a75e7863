import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { runJson } from '../support/run-cli.ts';
import { Comparison } from './compare.ts';
import { hasOracles, type Json, readJson } from './data.ts';

const pathOf = (version: string) =>
  fileURLToPath(new URL(`../../../shared/data/embeddings-movies/${version}.csv.gz`, import.meta.url));

const allowances = {
  'procrustes.relativeResidual': { absolute: 1e-12 },
  'centroidShift.cosineDistance': { absolute: 1e-14 },
  'centroidShift.euclidean': { absolute: 1e-14 },
  'mmd.mmd2Unbiased': { absolute: 1e-12 },
};

describe.skipIf(!hasOracles)('the embeddings command agrees with the oracles', () => {
  it('of the movie embeddings', async () => {
    const oracle = readJson('embeddings-movies/oracle.json');
    const comparison = new Comparison('embeddings-movies, runway embeddings');
    for (const [version, expected] of Object.entries<Json>(oracle.pairs)) {
      const json = await runJson(
        'embeddings',
        `--reference=${pathOf(oracle.reference)}`,
        `--current=${pathOf(version)}`,
        '--id-column=id',
        '--format=json',
      );
      comparison.case(version, expectedFigures(expected), givenFigures(json), allowances);
    }
    comparison.finish();
  });
});

/** Of the oracle's figures those that the command gives; what needs one space is null for two. */
function expectedFigures(expected: Json) {
  const { n, cosineRaw = null, procrustes, knnOverlap, ckaLinear, ckaLinearDebiased, centroidShift, mmd } = expected;
  return {
    n,
    cosineRaw: { mean: cosineRaw?.mean ?? null, q05: cosineRaw?.q05 ?? null, min: cosineRaw?.min ?? null },
    procrustes: {
      meanCosine: procrustes?.meanCosine ?? null,
      relativeResidual: procrustes?.relativeResidual ?? null,
    },
    knnOverlap: { k: knnOverlap.k, meanOverlap: knnOverlap.meanOverlap },
    ckaLinear,
    ckaLinearDebiased,
    centroidShift: {
      euclidean: centroidShift?.euclidean ?? null,
      cosineDistance: centroidShift?.cosineDistance ?? null,
    },
    mmd: { mmd2Unbiased: mmd?.mmd2Unbiased ?? null },
  };
}

function givenFigures({
  n,
  cosineRaw,
  procrustes,
  knnOverlap,
  ckaLinear,
  ckaLinearDebiased,
  centroidShift,
  mmd,
}: Json) {
  const { q01: _, ...cosines } = cosineRaw;
  const { overSpread: _over, ...shift } = centroidShift;
  const { mmd2Unbiased } = mmd;
  const pairs = { cosineRaw: cosines, procrustes, centroidShift: shift, mmd: { mmd2Unbiased } };
  return { n, knnOverlap, ckaLinear, ckaLinearDebiased, ...pairs };
}
