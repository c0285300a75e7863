import { beforeAll, describe, expect, test } from 'vitest';
import { asker } from './ask.ts';
import { enrichedAt, experiment, hydratedAt, model, version, workedExample } from './worked-example.ts';

let ask: ReturnType<typeof asker>;
beforeAll(async () => {
  ask = asker(await workedExample());
});

const named = (name: string) => ({ node: { name } });
const owned = { name: 'RankingFlow', owners: [{ name: 'ML platform' }] };
const features = {
  edges: [
    { node: { name: 'days_since_launch', data: { edges: [named('titles')] } } },
    { node: { name: 'watched_minutes', data: { edges: [named('plays')] } } },
  ],
};
const tests = [
  {
    name: 'Ranking with watch time',
    cells: [
      { number: 1, name: 'control' },
      { number: 2, name: 'treatment 2' },
      { number: 10, name: 'treatment 10' },
    ],
  },
];

describe('the two questions of the design', () => {
  test('what a model is made of, verbatim', async () => {
    const answer = await ask(
      '{ model(id: "aip://model/registry/ranking-v5") { name owners { name } currentInstance { version pipeline { name owners { name } } features { edges { node { name data { edges { node { name } } } } } } associatedAbTests { name cells { number name } } } } }',
    );
    expect(answer).toEqual({
      status: 200,
      body: {
        data: {
          model: {
            name: 'ranking-v5',
            owners: [{ name: 'Ada Lovelace' }, { name: 'Discovery' }],
            currentInstance: { version: '7', pipeline: owned, features, associatedAbTests: tests },
          },
        },
      },
    });
  });

  test('the same with the tests of the model itself', async () => {
    const { body } = await ask(`{ model(id: "${model}") { associatedAbTests { name cells { number name } } } }`);
    expect(body).toEqual({ data: { model: { associatedAbTests: tests } } });
  });

  test('which models an experiment tests', async () => {
    const { body } = await ask(
      `{ experiment(id: "${experiment}") { name cells { number } models { edges { node { name } } } } }`,
    );
    expect(body).toEqual({
      data: {
        experiment: {
          name: 'Ranking with watch time',
          cells: [{ number: 1 }, { number: 2 }, { number: 10 }],
          models: { edges: [named('ranking-v5')] },
        },
      },
    });
  });
});

test('an entity says what state its record is in, and since when', async () => {
  const { body } = await ask(
    `{ modelVersion(id: "${version}") { state hydratedAt enrichedAt asOf sources { provider } } }`,
  );
  expect(body.data?.modelVersion).toEqual({
    state: 'enriched',
    hydratedAt,
    enrichedAt,
    asOf: '2001-01-22T00:00:00.000Z',
    sources: [{ provider: 'registry' }],
  });
});

test('relations show who claims them, why, and how sure', async () => {
  const { body } = await ask(
    `{ modelVersion(id: "${version}") { relations(types: [testedBy]) { totalCount edges { direction type provenance claimant confidence evidence validFrom node { id type } } } } }`,
  );
  expect(body.data?.modelVersion).toMatchObject({
    relations: {
      totalCount: 1,
      edges: [
        {
          direction: 'out',
          type: 'testedBy',
          provenance: 'inferred',
          claimant: 'rule-version-tested-by-cell',
          confidence: 0.9,
          validFrom: enrichedAt,
          node: { id: 'aip://experiment-cell/abtest/12345/2', type: 'experimentCell' },
        },
      ],
    },
  });
});

test('before enrichment the experiment tested no model', async () => {
  const { body } = await ask(
    `{ experiment(id: "${experiment}", asOf: "2001-01-20T00:01:00Z") { asOf cells { number } models { totalCount } } }`,
  );
  expect(body.data?.experiment).toMatchObject({ asOf: '2001-01-20T00:01:00.000Z', models: { totalCount: 0 } });
});

test('lineage and impact walk the dependencies', async () => {
  const { body } = await ask(
    `{ model(id: "${model}") { lineage(depth: 2, types: [dataset, pipelineRun]) { totalCount truncated edges { depth path node { __typename uri } } } }
       dataset(id: "aip://dataset/warehouse/titles") { impact { edges { depth node { uri } } } } }`,
  );
  expect(body.data).toEqual({
    model: {
      lineage: {
        totalCount: 1,
        truncated: true,
        edges: [
          {
            depth: 2,
            path: [model, version, 'aip://pipeline-run/metaflow/RankingFlow/981'],
            node: { __typename: 'PipelineRun', uri: 'aip://pipeline-run/metaflow/RankingFlow/981' },
          },
        ],
      },
    },
    dataset: {
      impact: {
        edges: [
          { depth: 1, node: { uri: 'aip://feature/registry/ranking/days_since_launch' } },
          { depth: 2, node: { uri: version } },
          { depth: 3, node: { uri: model } },
        ],
      },
    },
  });
});

test('entities are found by id, several at once, and as what they are', async () => {
  const { status, body } = await ask(
    `query ($ids: [ID!]!) { node(id: "${model}") { id ... on Model { tier } } nodes(ids: $ids) { id } entity(uri: "aip://dataset/warehouse/plays") { description ... on Dataset { format columnCount } } model(id: "aip://model/registry/unknown") { name } }`,
    { ids: [experiment, 'aip://team/registry/nobody'] },
  );
  expect({ status, ...body }).toEqual({
    status: 200,
    data: {
      node: { id: model, tier: 1 },
      nodes: [{ id: experiment }, null],
      entity: { description: null, format: 'parquet', columnCount: 12 },
      model: null,
    },
  });
});
