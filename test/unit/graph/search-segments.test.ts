import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemorySearchIndex } from '../../../shared/adapters/search/memory-search-index.ts';
import { visitSimilar, visitTerms } from '../../../shared/adapters/search/segments/find-terms.ts';
import { segmentOf } from '../../../shared/adapters/search/segments/segment.ts';
import { createSegmentList } from '../../../shared/adapters/search/segments/segment-list.ts';
import { textColumn } from '../../../shared/adapters/search/segments/text-column.ts';
import { editDistance } from '../../../shared/domain/graph/search/edit-distance.ts';
import type { SearchDocument } from '../../../shared/domain/graph/search/search-document.ts';

// Few letters, so that words are like each other.
const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ψ'), minLength: 1, maxLength: 9 });
const dictionary = fc.uniqueArray(word, { maxLength: 60 }).map((words) => words.sort());

describe('terms that a word may mean', () => {
  it('are all within the distance, and no others', () => {
    fc.assert(
      fc.property(dictionary, word, fc.constantFrom(1, 2, 3), (words, asked, limit) => {
        const found = new Map<string, number>();
        visitSimilar(textColumn(words), asked, limit, (i, distance) => found.set(words[i] ?? '', distance));
        const near = words.map((each) => [each, editDistance(asked, each, limit)] as const);
        expect([...found]).toEqual(near.filter(([, distance]) => distance <= limit));
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('are those that begin with it, and it alone when beginnings do not count', () => {
    fc.assert(
      fc.property(dictionary, word, fc.boolean(), (words, asked, isPrefix) => {
        const found: (string | undefined)[] = [];
        visitTerms(textColumn(words), { word: asked, isPrefix, edits: 0 }, (i) => found.push(words[i]));
        expect(found).toEqual(words.filter((each) => (isPrefix ? each.startsWith(asked) : each === asked)));
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

const document = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    name: fc.constantFrom('late', 'late live', 'early_bird', '---', 'ψ™'),
    owner: fc.constantFrom('flights', 'crew'),
    state: fc.constantFrom('hydrated' as const, 'placeholder' as const, 'tombstone' as const),
  })
  .map(({ id, name, owner, state }): SearchDocument => {
    const owners = [{ uri: `aip://team/directory/${owner}`, name: owner }];
    const uri = `aip://model/registry/${id}`;
    return { uri, type: 'model', platform: 'registry', name, id, owners, tags: [`t::${id}`], related: [], state };
  });
const changes = fc.array(
  fc.record({ put: fc.array(document, { maxLength: 6 }), forget: fc.array(document, { maxLength: 2 }) }),
  { minLength: 1, maxLength: 12 },
);
const texts = ['', 'late', 'l', 'ealry', '---', 'ψ™', 'early bird', 'flights h'];

describe('an index that changes', () => {
  it('answers as one that is made of what is left, and as one that was stored', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (history) => {
        const index = createMemorySearchIndex();
        const left = new Map<string, SearchDocument>();
        for (const { put, forget } of history) {
          for (const { uri } of forget) left.delete(uri);
          const byUri = new Map(put.map((each) => [each.uri, each]));
          for (const [uri, each] of byUri) left.set(uri, each);
          await index.change(
            [...byUri.values()],
            forget.map(({ uri }) => uri),
          );
        }
        const made = createMemorySearchIndex([...left.values()]);
        for (const text of texts) {
          const question = { text, limit: 3, tombstones: 'included' } as const;
          const expected = await made.search(question);
          expect(await index.search(question)).toEqual(expected);
          expect(await createMemorySearchIndex(index.saved()).search(question)).toEqual(expected);
        }
        expect([...(await index.digests())].sort()).toEqual([...(await made.digests())].sort());
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('keeps few segments, however many changes there are', () => {
    const segments = createSegmentList(segmentOf([]));
    const [sample] = fc.sample(document, { numRuns: 1, seed: 7 });
    for (let i = 0; i < 500; i += 1)
      if (sample !== undefined) segments.put([{ ...sample, uri: `aip://model/registry/${i % 300}` }]);
    expect(segments.all().length).toBeLessThanOrEqual(10);
    expect([...segments.documents()]).toHaveLength(300);
  });
});
