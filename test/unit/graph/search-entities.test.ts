import { describe, expect, it } from 'vitest';
import { createMemorySearchIndex } from '../../../shared/adapters/search/memory-search-index.ts';
import { searchEntities as contract } from '../../../shared/api/search.ts';
import { searchEntities } from '../../../shared/use-cases/graph/search-entities.ts';
import { documentsOf, madeUpCorpus } from '../../support/made-up-entities.ts';

const now = '2001-01-22T06:00:00.000Z';
const index = createMemorySearchIndex(documentsOf(madeUpCorpus(600)));

const search = (query: Readonly<Record<string, string>>) =>
  searchEntities(async () => index, contract.query.parse(query), now);

describe('GET /v1/search', () => {
  it.each<Readonly<Record<string, string>>>([
    { q: 'a'.repeat(301) },
    { q: 'a'.repeat(10_000) },
    { type: 'nonsense' },
    { type: 'model,__proto__' },
    { limit: '0' },
    { limit: '101' },
    { limit: 'many' },
    { tombstones: 'yes' },
    { tag: '' },
    { order: 'random' },
    { constructor: 'x' },
    { cursor: 'x'.repeat(4_001) },
  ])('refuses %j', (query) => {
    expect(contract.query.safeParse(query).success).toBe(false);
  });

  it('answers as its document says, with the moment of the question', async () => {
    const found = await search({ q: 'turing', type: 'person,team', limit: '3' });
    expect(contract.response.parse(found)).toEqual(found);
    expect(found).toMatchObject({ total: 20, asOf: now, items: [{ type: 'person' }, {}, {}] });
  });

  it('lists people and teams with how many entities they own, and what each owns', async () => {
    const { items } = await search({ type: 'team' });
    const [first] = items;
    const owned = await search({ owner: first?.uri ?? '', limit: '1' });
    expect(first?.owned).toBeGreaterThan(0);
    expect(owned.total).toBe(first?.owned);
  });
});
