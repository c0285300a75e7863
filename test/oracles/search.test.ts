import { describe, expect, it } from 'vitest';
import { createMemorySearchIndex } from '../../shared/adapters/search/memory-search-index.ts';
import { documentsOf, madeUpCorpus } from '../support/made-up-entities.ts';
import { askByName } from '../support/search-quality.ts';

function storedIndex() {
  const documents = documentsOf(madeUpCorpus(100_000));
  // Names alone are kept: a heap full of documents, which functions have not, makes every question slow.
  return { saved: createMemorySearchIndex(documents).saved(), names: documents.map(({ name }) => ({ name })) };
}

describe('among 100,000 entities, after the index was stored and loaded', () => {
  it('every exact name is first, and 95 in 100 names with a typing error in each word are among the first three', {
    timeout: 600_000,
  }, async () => {
    const { saved, names } = storedIndex();
    const index = createMemorySearchIndex(saved);
    const exact = await askByName(index, names, { count: 500, first: 1, seed: 1, as: 'written' });
    expect(exact.missed).toEqual([]);
    const typed = await askByName(index, names, { count: 500, first: 3, seed: 2, as: 'mistyped' });
    expect(typed.foundRatio, typed.missed.join('; ')).toBeGreaterThanOrEqual(0.95);
  });
});
