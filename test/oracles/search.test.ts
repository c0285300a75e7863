import { describe, expect, it } from 'vitest';
import { createMemorySearchIndex } from '../../shared/adapters/search/memory-search-index.ts';
import { documentsOf, madeUpCorpus } from '../support/made-up-entities.ts';
import { askByName } from '../support/search-quality.ts';

describe('among 100,000 entities, after the index was stored and loaded', () => {
  it('every exact name is first, and 95 in 100 names with a typing error in each word are among the first three', {
    timeout: 600_000,
  }, async () => {
    const documents = documentsOf(madeUpCorpus(100_000));
    const index = createMemorySearchIndex(createMemorySearchIndex(documents).saved());
    const exact = await askByName(index, documents, { count: 1_000, first: 1, seed: 1, as: 'written' });
    expect(exact.missed).toEqual([]);
    const typed = await askByName(index, documents, { count: 1_000, first: 3, seed: 2, as: 'mistyped' });
    expect(typed.foundRatio, typed.missed.join('; ')).toBeGreaterThanOrEqual(0.95);
  });
});
