import { describe, expect, it } from 'vitest';
import { createMemorySearchIndex } from '../../../shared/adapters/search/memory-search-index.ts';
import { formatEntityRef } from '../../../shared/domain/graph/entity-ref.ts';
import type { SearchDocument } from '../../../shared/domain/graph/search/search-document.ts';
import type { SearchQuestion } from '../../../shared/ports/search-index.ts';

const flights = { uri: 'aip://team/directory/flights', name: 'Flights team' };

function document(name: string, change: Partial<SearchDocument> = {}): SearchDocument {
  const ref = { type: change.type ?? 'model', platform: change.platform ?? 'registry', id: name } as const;
  const empty = { owners: [], tags: [], related: [], state: 'hydrated' as const };
  const { id: _id, ...rest } = ref;
  return { ...empty, ...rest, uri: formatEntityRef(ref), name, ...change };
}

async function found(documents: readonly SearchDocument[], question: Partial<SearchQuestion>) {
  const page = await createMemorySearchIndex(documents).search({ text: '', limit: 20, ...question });
  return { ...page, names: page.hits.map((hit) => hit.document.name) };
}

const delays = [
  document('late-live', { description: 'How late a flight arrives', owners: [flights], tags: ['tier::1'] }),
  document('late-live-v2', { owners: [flights], tags: ['tier::2'] }),
  document('lateLiveScores', { type: 'dataset', platform: 'warehouse', related: ['late-live'] }),
  document('crew_planning.assignments', { type: 'dataset', platform: 'warehouse', tags: ['tier::1', 'pii::true'] }),
  document('Late live', { type: 'experiment', platform: 'abacus', state: 'placeholder' }),
  document('late-basic', { state: 'tombstone' }),
];

describe('what is found', () => {
  it.each([
    ['the name as it is', 'late-live', 'late-live'],
    ['the name in another style', 'lateLive', 'late-live'],
    ['the name in capitals', 'LATE-LIVE-V2', 'late-live-v2'],
    ['the name without separators', 'latelivescores', 'lateLiveScores'],
    ['a part of snake case', 'planning', 'crew_planning.assignments'],
    ['the beginnings of two words', 'cre assi', 'crew_planning.assignments'],
    ['one typing error in each word', 'crwe_planing asignments', 'crew_planning.assignments'],
    ['a whole tag', 'pii::true', 'crew_planning.assignments'],
    ['the URI', 'aip://dataset/warehouse/lateLiveScores', 'lateLiveScores'],
  ])('finds by %s', async (_by, text, name) => {
    expect((await found(delays, { text })).names[0]).toBe(name);
  });

  it('finds by description, owner, type and what is related, after what is named so', async () => {
    expect((await found(delays, { text: 'arrives' })).names).toEqual(['late-live']);
    expect((await found(delays, { text: 'flights' })).names).toEqual(['late-live', 'late-live-v2']);
    expect((await found(delays, { text: 'dataset late-live' })).names).toEqual(['lateLiveScores']);
  });

  it('puts the exact name first, the same word for word before the same in another style, what is there before what is only mentioned', async () => {
    const { names } = await found(delays, { text: 'late-live' });
    expect(names).toEqual(['late-live', 'Late live', 'late-live-v2', 'lateLiveScores']);
    const same = [document('x', { state: 'placeholder' }), document('x', { type: 'dataset', platform: 'warehouse' })];
    expect((await found(same, { text: 'x' })).hits.map((hit) => hit.document.type)).toEqual(['dataset', 'model']);
  });

  it('puts the exact name before any number of names that have more of the word', async () => {
    const many = Array.from({ length: 300 }, (_, i) => document(`late late-late late${i}`, { tags: ['late'] }));
    expect((await found([...many, document('late')], { text: 'late' })).names[0]).toBe('late');
  });

  it('shows what is gone only when asked', async () => {
    expect((await found(delays, { text: 'late-basic' })).names).not.toContain('late-basic');
    expect((await found(delays, { text: 'late-basic', tombstones: 'included' })).names[0]).toBe('late-basic');
  });

  it('is content with some of the words when no document has all', async () => {
    expect((await found(delays, { text: 'planning zeppelins' })).names).toEqual(['crew_planning.assignments']);
  });

  it('says in which fields the words stand', async () => {
    const { hits } = await found(delays, { text: 'late fligts' });
    expect(hits[0]?.highlights).toEqual([
      { field: 'name', text: 'late-live', ranges: [[0, 4]] },
      {
        field: 'description',
        text: 'How late a flight arrives',
        ranges: [[4, 8]],
      },
      { field: 'owners', text: 'Flights team', ranges: [[0, 7]] },
    ]);
  });
});

describe('filters and facets', () => {
  it('counts over everything that is found, not over the page', async () => {
    const { facets, total, hits } = await found(delays, { limit: 1 });
    expect([hits.length, total]).toEqual([1, 5]);
    expect(facets).toEqual({
      type: [
        { value: 'dataset', count: 2 },
        { value: 'model', count: 2 },
        { value: 'experiment', count: 1 },
      ],
      tag: [
        { value: 'tier::1', count: 2 },
        { value: 'pii::true', count: 1 },
        { value: 'tier::2', count: 1 },
      ],
      owner: [{ value: flights.uri, label: 'Flights team', count: 2 }],
      platform: [
        { value: 'registry', count: 2 },
        { value: 'warehouse', count: 2 },
        { value: 'abacus', count: 1 },
      ],
    });
  });

  it.each<[string, Partial<SearchQuestion>, readonly string[]]>([
    [
      'any of the types',
      { types: ['experiment', 'dataset'] },
      ['crew_planning.assignments', 'lateLiveScores', 'Late live'],
    ],
    ['all of the tags', { tags: ['tier::1', 'pii::true'] }, ['crew_planning.assignments']],
    ['an owner by name', { owners: ['flights TEAM'] }, ['late-live', 'late-live-v2']],
    ['an owner by URI', { owners: [flights.uri], text: 'v2' }, ['late-live-v2']],
    ['a platform', { platforms: ['abacus'] }, ['Late live']],
    ['names of prototypes', { types: ['__proto__'], tags: ['constructor'], owners: ['toString'] }, []],
  ])('filters by %s', async (_by, filter, names) => {
    expect((await found(delays, filter)).names).toEqual(names);
  });

  it('lists by name when nothing is asked for, what is only mentioned last', async () => {
    const { names, hits } = await found(delays, {});
    expect(names).toEqual(['crew_planning.assignments', 'late-live', 'late-live-v2', 'lateLiveScores', 'Late live']);
    expect(hits.every(({ score }) => score === 0)).toBe(true);
  });
});

describe('questions that mean harm', () => {
  const hostile = [
    'a'.repeat(10_000),
    'a '.repeat(5_000),
    '(a+)+$'.repeat(50),
    '.*'.repeat(150),
    '__proto__ constructor hasOwnProperty',
    '\u{1F600}'.repeat(100),
    '\u0000\uD800 \uDFFF',
    'Z̸̨a̷l̶g̴o̵'.repeat(40),
    '"; DROP TABLE --',
    '<script>alert(1)</script>',
  ];
  const names = ['__proto__', 'constructor', 'toString', 'prototype_table'];
  const documents = [
    ...names.map((name) => document(name, { tags: ['__proto__::polluted', 'constructor'], description: name })),
    ...delays,
  ];

  it.each(hostile)('answers %j', async (text) => {
    const { total, hits } = await found(documents, { text });
    expect(total).toBeGreaterThanOrEqual(hits.length);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(names)('finds %s as it finds other names, and counts its tags', async (text) => {
    const { names: got, facets } = await found(documents, { text });
    expect(got[0]).toBe(text);
    expect(facets.tag).toContainEqual({ value: '__proto__::polluted', count: expect.any(Number) });
  });
});

describe('pages', () => {
  it('gives everything once, in order', async () => {
    const index = createMemorySearchIndex(
      Array.from({ length: 25 }, (_, i) =>
        document(`late-${i % 7}`, { type: i % 2 ? 'model' : 'dataset', uri: `aip://model/registry/late-${i}` }),
      ),
    );
    const whole = (await index.search({ text: 'late', limit: 100 })).hits.map(({ document: { uri } }) => uri);
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await index.search({ text: 'late', limit: 4, ...(cursor !== undefined && { cursor }) });
      paged.push(...page.hits.map(({ document: { uri } }) => uri));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(paged).toEqual(whole);
    expect(paged).toHaveLength(25);
  });

  it('is not moved by what comes and goes meanwhile', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `late-flights-${String.fromCharCode(97 + i)}`);
    const index = createMemorySearchIndex(names.map((name) => document(name)));
    const first = await index.search({ text: 'late flights', limit: 5 });
    const rest = names.slice(5);
    // Words of the question become ever more frequent, which would change every score that rests on frequencies.
    await index.change(
      Array.from({ length: 40 }, (_, i) => document(`basic-${i}`, { description: 'late flights of late' })),
      [formatEntityRef({ type: 'model', platform: 'registry', id: names[0] ?? '' })],
    );
    const second = await index.search({
      text: 'late flights',
      limit: 7,
      ...(first.cursor !== undefined && { cursor: first.cursor }),
    });
    expect(second.hits.map((hit) => hit.document.name)).toEqual(rest);
  });

  it.each(['', 'x', 'WyJhIl0', Buffer.from('["0","written",1,"a","b"]').toString('base64url')])(
    'refuses the cursor %j of another search',
    async (cursor) => {
      await expect(createMemorySearchIndex(delays).search({ text: 'late', limit: 2, cursor })).rejects.toMatchObject({
        name: 'InvalidRequest',
        code: 'invalid-cursor',
      });
    },
  );
});
