import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeEmbeddings } from '../../../../shared/domain/health/embedding/judge-embeddings.ts';
import { seededRandom } from '../../../../shared/domain/seeded-random.ts';
import { ratings, trainOnResample } from '../../../support/resampled-versions.ts';
import { cloud, permuted, retrained, rotated, version } from './made-up-versions.ts';

const reference = version(cloud(80, 4));
const kindOf = (current: typeof reference) => judgeEmbeddings({ reference, current }, { seed: 2 });

describe('the intrinsic verdict', () => {
  it('does not change under a rotation of the current version', () => {
    const change = fc.record({
      error: fc.constantFrom(0, 0.2, 0.6, 1.5),
      share: fc.constantFrom(0, 0.1, 1),
      seed: fc.integer({ min: 1, max: 1e6 }),
    });
    fc.assert(
      fc.property(change, ({ error, share, seed }) => {
        const trained = retrained(reference, error, seed);
        const current = share === 0 ? trained : permuted(trained, share);
        const [plain, turned] = [kindOf(current), kindOf(rotated(current, seed + 7))];
        expect(turned.intrinsic.kind).toBe(plain.intrinsic.kind);
        expect(turned.intrinsic.checks.map(({ verdict }) => verdict)).toEqual(
          plain.intrinsic.checks.map(({ verdict }) => verdict),
        );
      }),
      { seed: 11, numRuns: 10 },
    );
  });
});

describe('the verdict on coordinates', () => {
  it('changes under a rotation', () => {
    expect(kindOf(reference).coordinates.kind).toBe('ok');
    expect(kindOf(rotated(reference)).coordinates.kind).toBe('breach');
  });
});

describe('versions trained on resampled data', () => {
  it('breach in at most 1 of 20 comparisons against the noise of one other training', () => {
    const random = seededRandom(7);
    const kinds = Array.from({ length: 20 }, (_, seed) => {
      const data = ratings(100, random);
      const [first, second, third] = [1, 2, 3].map(() => trainOnResample(data, random));
      const noise = [{ reference: first!, current: third! }];
      return judgeEmbeddings({ reference: first!, current: second! }, { seed, noise }).intrinsic.kind;
    });
    expect(kinds.filter((kind) => kind === 'breach').length).toBeLessThanOrEqual(1);
    expect(kinds.filter((kind) => kind === 'ok').length).toBeGreaterThanOrEqual(18);
  });
});
