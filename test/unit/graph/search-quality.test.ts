import { describe, expect, it } from 'vitest';
import { createMemorySearchIndex } from '../../../shared/adapters/search/memory-search-index.ts';
import { documentsOf, madeUpCorpus } from '../../support/made-up-entities.ts';
import { askByName } from '../../support/search-quality.ts';

// The same with 100,000 entities is in test/oracles/search.test.ts.
describe('among 10,000 entities', () => {
  it('the exact name is first, and one typing error in each word is forgiven', { timeout: 120_000 }, async () => {
    const documents = documentsOf(madeUpCorpus(10_000));
    const index = createMemorySearchIndex(documents);
    expect((await askByName(index, documents, { count: 200, first: 1, seed: 1, as: 'written' })).missed).toEqual([]);
    const { foundRatio, missed } = await askByName(index, documents, { count: 200, first: 3, seed: 2, as: 'mistyped' });
    expect(foundRatio, missed.join('; ')).toBeGreaterThanOrEqual(0.95);
  });
});
