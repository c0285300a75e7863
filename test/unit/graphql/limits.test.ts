import { getIntrospectionQuery } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { createMemoryGraphStore } from '../../../shared/adapters/memory/memory-graph-store.ts';
import { queryLimits } from '../../../shared/graphql/query-limits.ts';
import { makeStatements } from '../../../shared/use-cases/graph/make-statements.ts';
import { asker, codeOf, unexpected } from './ask.ts';
import { hydratedAt, model, workedExample } from './worked-example.ts';

let store: Awaited<ReturnType<typeof workedExample>>;
let ask: ReturnType<typeof asker>;
beforeAll(async () => {
  store = await workedExample();
  ask = asker(store);
});

const ofModel = (selection: string) => `{ model(id: "${model}") { ${selection} } }`;
const nested = (depth: number) =>
  ofModel(`${'currentInstance { model { '.repeat(depth / 2)}name${' } }'.repeat(depth / 2)}`);

async function within(milliseconds: number, query: string, variables?: Record<string, unknown>) {
  const start = performance.now();
  const answer = await ask(query, variables);
  expect(performance.now() - start).toBeLessThan(milliseconds);
  return answer;
}

describe('a query within the limits is answered', () => {
  test('introspection of the whole schema is', async () => {
    const { status, body } = await ask(getIntrospectionQuery());
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
  });

  test('one of the greatest depth and with the most aliases is', async () => {
    const deepest = nested(queryLimits.depth - 2);
    expect((await ask(deepest)).body.errors).toBeUndefined();
    const aliases = Array.from({ length: queryLimits.aliases }, (_, i) => `a${i}: name`);
    expect((await ask(ofModel(aliases.join(' ')))).body.errors).toBeUndefined();
  });
});

describe('a query beyond a limit is refused as a whole, with a code that stays', () => {
  test.each([
    ['query-too-deep', nested(queryLimits.depth)],
    ['too-many-aliases', ofModel(Array.from({ length: queryLimits.aliases + 1 }, (_, i) => `a${i}: name`).join(' '))],
    [
      'query-too-complex',
      ofModel('features(first: 100) { edges { node { data(first: 100) { edges { node { name } } } } } }'),
    ],
    ['query-too-complex', ofModel(Array.from({ length: 21 }, (_, i) => `a${i}: lineage { totalCount }`).join(' '))],
    ['malformed-query', ofModel('name '.repeat(queryLimits.tokens))],
    ['malformed-query', '{ model(id: '],
    ['invalid-query', '{ model { name } }'],
    ['invalid-query', 'mutation { forget }'],
    ['invalid-query', `{ model(id: "${model}", asOf: "yesterday") { name } }`],
    ['query-too-complex', ofModel('features(first: 99999999999999999999) { totalCount }')],
  ])('%s', async (code, query) => {
    expect(codeOf(await ask(query))).toEqual([400, code]);
  });

  test.each([
    ['page-too-large', ofModel('features(first: 101) { totalCount }')],
    ['page-too-large', ofModel('features(last: -1) { totalCount }')],
    ['invalid-cursor', ofModel('features(after: "bm90IG91cnM") { totalCount }')],
    ['walk-too-deep', ofModel('lineage(depth: 11) { totalCount }')],
    ['invalid-entity-uri', '{ model(id: "ranking-v5") { name } }'],
    ['invalid-entity-uri', '{ node(id: "aip://model/registry/<script>") { id } }'],
    ['wrong-entity-type', '{ model(id: "aip://dataset/warehouse/plays") { name } }'],
  ])('%s of one field is told at the field', async (code, query) => {
    const { status, body } = await ask(query);
    expect([status, body.errors?.map(({ extensions }) => extensions)]).toEqual([200, [{ code }]]);
    expect(body.errors?.[0]?.path).toBeDefined();
  });

  test('page sizes count in variables as in the text, their defaults included', async () => {
    const inside = 'edges { node { data(first: $n) { edges { node { name } } } } }';
    const query = (declared: string) =>
      `query (${declared}) { model(id: "${model}") { features(first: $n) { ${inside} } } }`;
    expect(codeOf(await ask(query('$n: Int'), { n: 100 }))).toEqual([400, 'query-too-complex']);
    expect(codeOf(await ask(query('$n: Int = 100')))).toEqual([400, 'query-too-complex']);
    expect((await ask(query('$n: Int = 100'), { n: 2 })).body.errors).toBeUndefined();
  });

  test('ids of one question are as many as a page has', async () => {
    const ids = Array.from({ length: queryLimits.pageSize + 1 }, (_, i) => `aip://dataset/warehouse/${i}`);
    const answer = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(answer.body.errors?.map(({ extensions }) => extensions.code)).toEqual(['page-too-large']);
  });
});

describe('hostile documents cost no more than their length', () => {
  test('fragments that double each other', async () => {
    const doubling = Array.from({ length: 60 }, (_, i) => `fragment f${i} on Model { ...f${i + 1} ...f${i + 1} }`);
    const bomb = `${ofModel('...f0')} ${doubling.join(' ')} fragment f60 on Model { a: name }`;
    const { body } = await within(500, bomb);
    expect(body.errors?.map(({ extensions }) => extensions.code)).toContain('too-many-aliases');
  });

  test('fragments in a circle', async () => {
    const circle = `${ofModel('...a')} fragment a on Model { name ...b } fragment b on Model { currentInstance { model { ...a } } }`;
    expect(codeOf(await within(500, circle))).toEqual([400, 'invalid-query']);
  });

  test('one field a thousand times, and the schema inside itself', async () => {
    expect(codeOf(await within(1_000, ofModel('name '.repeat(1_900))))).toEqual([400, 'invalid-query']);
    const inside = `{ __schema { types { ${'fields { type { '.repeat(6)}name${' } }'.repeat(6)} } } }`;
    const { body } = await within(500, inside);
    expect(body.data).toBeUndefined();
  });

  test('keys that are somebody else’s, and values that are too large', async () => {
    const variables = JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": 1, "id": 1e999}');
    const { status, body } = await ask('query ($id: ID!) { model(id: $id) { name } }', variables);
    expect([status, body.errors?.[0]?.extensions.code]).toEqual([400, 'invalid-query']);
    expect({}).not.toHaveProperty('isAdmin');
  });
});

test('what variables or operationName should not be is told without a detail of ours', async () => {
  const query = `query a($at: DateTime) { model(id: "${model}", asOf: $at) { name } }`;
  expect(codeOf(await ask(query, { at: 'yesterday' }))).toEqual([400, 'invalid-query']);
  expect(codeOf(await ask(`${query} query b { __typename }`))).toEqual([400, 'invalid-query']);
});

describe('an answer that costs too much is given up as a whole', () => {
  test('when it reads too many edges', async () => {
    expect(
      codeOf(await asker(store, { maximumClaims: 10 })(ofModel('owners { name } features { totalCount }'))),
    ).toEqual([400, 'answer-too-large']);
  });

  test('when it takes too long', async () => {
    const answer = await asker(store, { isOver: () => true })(ofModel('owners { name } features { totalCount }'));
    expect(codeOf(answer)).toEqual([400, 'time-limit']);
  });

  test.each(['lineage', 'impact'])('when the time is over in the middle of a walk: %s', async (field) => {
    const chain = createMemoryGraphStore();
    const uri = (number: number) => `aip://dataset/warehouse/${number}`;
    const statements = Array.from({ length: 20 }, (_, number) => ({
      subject: uri(number),
      edges: [{ type: 'derivedFrom' as const, to: uri(number + 1) }],
    }));
    await makeStatements(chain, { provider: 'warehouse', statements, now: hydratedAt });
    const query = `{ dataset(id: "${uri(10)}") { ${field}(depth: 10) { totalCount } } }`;
    const asked = async (patience: number) => {
      let looks = 0;
      const isOver = () => {
        looks += 1;
        return looks > patience;
      };
      return { answer: await asker(chain, { isOver })(query), looks: () => looks };
    };
    const whole = await asked(Number.POSITIVE_INFINITY);
    expect(whole.answer.body.data).toEqual({ dataset: { [field]: { totalCount: 10 } } });
    // One look for each level before anything that was reached is put together, and one for each of those.
    expect(whole.looks()).toBeGreaterThan(20);
    for (let patience = 0; patience < whole.looks(); patience += 1) {
      const { answer, looks } = await asked(patience);
      expect([codeOf(answer), looks()]).toEqual([[400, 'time-limit'], patience + 1]);
    }
  });

  test('when it is larger than a function may answer', async () => {
    const large = createMemoryGraphStore();
    const description = 'x'.repeat(60_000);
    const team = 'aip://team/registry/large';
    const statements = Array.from({ length: 90 }, (_, i) => ({
      subject: `aip://dataset/warehouse/${i}`,
      description: { description },
      edges: [{ type: 'ownedBy' as const, to: team }],
    }));
    await makeStatements(large, { provider: 'warehouse', statements, now: hydratedAt });
    const query = `{ team(id: "${team}") { owned(first: 100) { edges { node { description } } } } }`;
    expect(codeOf(await asker(large)(query))).toEqual([400, 'answer-too-large']);
  });
});

test('what Runway did not throw on purpose is told to the operator, and not to the caller', async () => {
  unexpected.length = 0;
  const answer = await asker(store, {
    mayRead: () => {
      throw new Error('secret at table-1');
    },
  })(ofModel('name'));
  expect(answer).toMatchObject({ status: 200, body: { errors: [{ extensions: { code: 'internal-error' } }] } });
  expect(JSON.stringify(answer)).not.toContain('secret');
  expect(String(unexpected[0])).toContain('secret');
});
