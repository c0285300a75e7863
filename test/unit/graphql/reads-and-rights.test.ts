import { beforeAll, describe, expect, test } from 'vitest';
import type { GraphStore } from '../../../shared/ports/graph-store.ts';
import { makeStatements } from '../../../shared/use-cases/graph/make-statements.ts';
import { createStoredView } from '../../support/stored-view.ts';
import { asker } from './ask.ts';
import { experiment, model, now, version, workedExample } from './worked-example.ts';

let store: GraphStore;
beforeAll(async () => {
  store = await workedExample();
});

const deep = `{
  model(id: "${model}") { owners { name } versions(first: 5) { edges { node { features(first: 10) { edges { node { owners { name } data(first: 5) { edges { node { name } } } models { totalCount } } } } } } }
    lineage { edges { node { name owners { name } } } } relations { edges { node { name } } } }
  experiment(id: "${experiment}") { cells { name models { edges { node { name } } } } }
}`;

test('a query reads the store once for the whole graph, then its changes once for each query, however deep it is', async () => {
  const reads: string[] = [];
  const counted = new Proxy(store, {
    get: (target, name: keyof GraphStore) => {
      reads.push(name);
      return target[name];
    },
  });
  const ask = asker(counted);
  expect((await ask(deep)).body.errors).toBeUndefined();
  expect(reads).toEqual(['all']);
  await ask(deep);
  await ask('{ __typename }');
  expect(reads).toEqual(['all', 'changesAfter', 'changesAfter']);
});

test('what was written before a query is in its answer', async () => {
  const own = await workedExample();
  const ask = asker(own);
  const owners = `{ pipeline(id: "aip://pipeline/metaflow/RankingFlow") { owners { name } } }`;
  expect((await ask(owners)).body.data).toEqual({ pipeline: { owners: [{ name: 'ML platform' }] } });
  const statement = { subject: 'aip://pipeline/metaflow/RankingFlow', edges: [] };
  await makeStatements(own, { provider: 'metaflow', statements: [statement], now });
  expect((await ask(owners)).body.data).toEqual({ pipeline: { owners: [] } });
});

describe('what the policies do not let a caller read is not there, wherever it is asked for', () => {
  const hidden = 'ml-platform';
  const ask = (query: string) => asker(store, { mayRead: (team) => team !== hidden })(query);

  test('not by its id, nor through another entity, nor in a count', async () => {
    const feature = 'aip://feature/registry/ranking/watched_minutes';
    const { body } = await ask(`{
      node(id: "${feature}") { id }
      nodes(ids: ["${feature}"]) { id }
      entity(uri: "${feature}") { name }
      feature(id: "${feature}") { name }
      modelVersion(id: "${version}") {
        pipeline { name }
        features { totalCount edges { node { name } } }
        relations(types: [consumes]) { totalCount edges { node { name } } }
        lineage(types: [feature, pipeline]) { totalCount edges { path node { name } } }
      }
      dataset(id: "aip://dataset/warehouse/plays") { features { totalCount } impact(types: [feature]) { totalCount } }
    }`);
    const only = { node: { name: 'days_since_launch' } };
    expect(body).toEqual({
      data: {
        node: null,
        nodes: [null],
        entity: null,
        feature: null,
        modelVersion: {
          pipeline: null,
          features: { totalCount: 1, edges: [only] },
          relations: { totalCount: 1, edges: [only] },
          lineage: {
            totalCount: 1,
            edges: [{ ...only, path: [version, 'aip://feature/registry/ranking/days_since_launch'] }],
          },
        },
        dataset: { features: { totalCount: 0 }, impact: { totalCount: 0 } },
      },
    });
    expect(JSON.stringify(body)).not.toContain('watched_minutes');
  });

  test('a path that leads through it is not told', async () => {
    const { body } = await ask(
      `{ dataset(id: "aip://dataset/warehouse/plays") { impact(types: [modelVersion]) { edges { depth path node { uri } } } } }`,
    );
    const viaRun = ['aip://dataset/warehouse/plays', 'aip://pipeline-run/metaflow/RankingFlow/981', version];
    const paths = JSON.stringify(body);
    expect(paths).not.toContain('watched_minutes');
    expect([viaRun, null]).toContainEqual(Object(body.data).dataset.impact.edges[0].path);
  });
});

test('pages give every entity once, in both directions, and say what is left', async () => {
  const names: string[] = [];
  let page = { endCursor: undefined, hasNextPage: true };
  const ask = asker(store);
  while (page.hasNextPage) {
    const { body } = await ask(
      `query ($after: String) { model(id: "${model}") { lineage(first: 2, after: $after) { totalCount edges { node { name } } pageInfo { endCursor hasNextPage hasPreviousPage } } } }`,
      { after: page.endCursor },
    );
    const { lineage } = Object(body.data).model;
    expect(lineage.pageInfo.hasPreviousPage).toBe(names.length > 0);
    names.push(...lineage.edges.map(({ node }: { node: { name: string } }) => node.name));
    page = lineage.pageInfo;
    expect(names.length).toBeLessThanOrEqual(lineage.totalCount);
  }
  expect(names).toHaveLength(new Set(names).size);
  const { body } = await ask(
    `{ model(id: "${model}") { lineage(last: 3) { edges { node { name } } pageInfo { hasNextPage hasPreviousPage } } } }`,
  );
  const { lineage } = Object(body.data).model;
  expect(lineage.edges.map(({ node }: { node: { name: string } }) => node.name)).toEqual(names.slice(-3));
  expect(lineage.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: true });
});

test('another name of an entity is the entity, with everything that is said of either', async () => {
  const own = await workedExample();
  const alias = 'aip://dataset/openlineage/s3/plays';
  const plays = 'aip://dataset/warehouse/plays';
  await makeStatements(own, {
    provider: 'openlineage',
    statements: [
      { subject: alias, edges: [{ type: 'aliasOf', to: plays }] },
      { subject: 'aip://feature/openlineage/plays_per_day', edges: [{ type: 'derivedFrom', to: alias }] },
    ],
    now,
  });
  expect((await createStoredView(own)()).descriptions(alias)).toEqual([]);
  const { body } = await asker(own)(
    `{ entity(uri: "${alias}") { uri name impact(depth: 1, types: [feature]) { totalCount } } dataset(id: "${plays}") { features { totalCount } } }`,
  );
  const impact = { totalCount: 2 };
  expect(body.data).toEqual({
    entity: { uri: plays, name: 'plays', impact },
    dataset: { features: { totalCount: 2 } },
  });
});
