import { gzipSync } from 'node:zlib';
import type { Behavior } from './behaviors.ts';
import { everyRole, fact } from './customer.ts';
import { definitionOf } from './model-life.ts';
import type { World } from './world.ts';

type Body = Record<string, unknown>;

const equal = (actual: unknown, expected: unknown, what: string) =>
  fact(actual === expected, () => `${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
const uris = ({ items }: Body) => JSON.stringify((items as Body[]).map(({ uri }) => uri));
const modelUri = (modelId: string) => `aip://model/registry/${modelId}`;
const entity = (uri: string) => `/v1/entities/${encodeURIComponent(uri)}`;

/** The model and a second one that consumes it, both known to the graph. */
async function addDependant({ register, succeed, cloud, modelId }: World): Promise<string> {
  await register();
  const dependant = `${modelId}-live`;
  await succeed('POST', '/v1/models', { ...definitionOf(dependant), upstreamModels: [modelId] });
  await cloud.pump();
  return dependant;
}

const table = (world: World, name: string) => `aip://dataset/warehouse/${world.modelId}/${name}`;
const edgeLine = (from: string, to: string) => `${JSON.stringify({ edge: { from, to, type: 'derivedFrom' } })}\n`;

/** Lines, as they are; gives the report. */
async function send({ cloud }: World, method: string, path: string, lines: string): Promise<Body> {
  const headers = {
    authorization: `Bearer ${await cloud.token(everyRole)}`,
    'content-type': 'application/x-ndjson',
    'content-encoding': 'gzip',
  };
  const response = await fetch(`${cloud.apiUrl}${path}`, { method, headers, body: gzipSync(lines) });
  fact(response.ok, () => `${method} ${path} answers ${response.status}`);
  return (await response.json()) as Body;
}

/** One edge in two parts, the second of which holds nothing new; gives the report at the end. */
async function imported(world: World): Promise<Body> {
  const { succeed, cloud } = world;
  const line = edgeLine(table(world, 'mart'), table(world, 'raw'));
  const { importId } = await succeed('POST', '/v1/graph/imports', { provider: 'warehouse', mode: 'delta' });
  for (const part of [1, 2]) await send(world, 'PUT', `/v1/graph/imports/${importId}/parts/${part}`, line);
  await succeed('POST', `/v1/graph/imports/${importId}/commit`, { parts: 2 });
  await cloud.pump();
  return succeed('GET', `/v1/graph/imports/${importId}`);
}

export const entities: Readonly<Record<string, Behavior>> = {
  'GET /v1/entity-types': {
    name: 'clients learn which types there are',
    async run({ succeed }) {
      const { entityTypes } = await succeed('GET', '/v1/entity-types');
      fact(
        (entityTypes as Body[]).some(({ type, plural }) => type === 'model' && plural === 'Models'),
        () => 'models are not among the types',
      );
    },
  },
  'GET /v1/entities/{uri}': {
    name: 'an entity shows what is known of it and its relations',
    async run(world) {
      const dependant = await addDependant(world);
      const shown = await world.succeed('GET', entity(modelUri(world.modelId)));
      equal((shown.entity as Body).state, 'hydrated', 'the state');
      fact(
        (shown.relations as Body[]).some(({ uri, direction }) => uri === modelUri(dependant) && direction === 'in'),
        () => `${dependant} is not among the relations`,
      );
    },
  },
  'GET /v1/entities/{uri}/lineage': {
    name: 'an entity shows what it depends on',
    async run(world) {
      const dependant = await addDependant(world);
      const lineage = await world.succeed('GET', `${entity(modelUri(dependant))}/lineage?types=model&depth=all`);
      equal(uris(lineage), JSON.stringify([modelUri(world.modelId)]), 'the lineage');
    },
  },
  'GET /v1/entities/{uri}/impact': {
    name: 'an entity shows whom a change of it affects, and of which tier',
    async run(world) {
      const dependant = await addDependant(world);
      const path = `/v1/entities/-/impact?uri=${encodeURIComponent(modelUri(world.modelId))}&types=model`;
      const impact = await world.succeed('GET', path);
      equal(uris(impact), JSON.stringify([modelUri(dependant)]), 'the impact');
      equal(JSON.stringify(impact.byTier), '{"1":1}', 'what is affected by tier');
    },
  },
  'GET /v1/paths': {
    name: 'why a model depends on another is explained by who says so',
    async run(world) {
      const ends = { from: modelUri(await addDependant(world)), to: modelUri(world.modelId) };
      const { direction, steps } = await world.succeed('GET', `/v1/paths?${new URLSearchParams(ends)}`);
      equal(direction, 'upstream', 'the direction');
      const [claim] = ((steps as Body[])[1]?.claims ?? []) as Body[];
      equal(claim?.claimant, 'registry', 'who claims the step');
    },
  },
  'GET /v1/entity-cycles': {
    name: 'tables that are derived from each other are reported',
    async run(world) {
      const [mart, raw] = [table(world, 'mart'), table(world, 'raw')];
      await send(
        world,
        'POST',
        '/v1/graph/import?provider=circle&mode=full',
        edgeLine(mart, raw) + edgeLine(raw, mart),
      );
      await world.cloud.pump();
      const { items } = await world.succeed('GET', '/v1/entity-cycles');
      fact(
        (items as Body[]).some(({ members }) => JSON.stringify(members) === JSON.stringify([mart, raw])),
        () => 'the cycle is not among them',
      );
    },
  },
  'GET /v1/deprecation-candidates': {
    name: 'a model that nothing depends on is one that nobody would miss',
    async run(world) {
      const dependant = await addDependant(world);
      const { items } = await world.succeed('GET', '/v1/deprecation-candidates?days=0&type=model&limit=1000');
      const found = (items as Body[]).map(({ uri }) => uri);
      fact(found.includes(modelUri(dependant)), () => `${dependant} is not among ${found}`);
      fact(!found.includes(modelUri(world.modelId)), () => `${world.modelId} is among them, and is used`);
    },
  },
  'GET /v1/dependency-diff': {
    name: 'two versions differ in what they were trained on',
    async run(world) {
      await world.register();
      for (const name of ['first', 'second']) await world.addVersion(name);
      await world.cloud.pump();
      const version = (number: number) => `aip://model-version/registry/${world.modelId}/${number}`;
      const ends = new URLSearchParams({ from: version(1), to: version(2) });
      const { common, inputs } = await world.succeed('GET', `/v1/dependency-diff?${ends}`);
      fact(
        (common as Body[]).some(({ type }) => type === 'dataset'),
        () => 'no dataset is common',
      );
      fact((inputs as Body).features !== undefined, () => 'the features are not compared');
    },
  },
  'POST /v1/graph/import': {
    name: 'what a provider no longer says in full is gone from the lineage',
    async run(world) {
      const [mart, raw] = [table(world, 'mart'), table(world, 'raw')];
      const lines = [edgeLine(mart, raw) + edgeLine(raw, table(world, 'source')), edgeLine(mart, raw)];
      for (const text of lines) {
        await send(world, 'POST', '/v1/graph/import?provider=lake&mode=full', text);
        await world.cloud.pump();
      }
      const lineage = await world.succeed('GET', `${entity(mart)}/lineage`);
      equal(uris(lineage), JSON.stringify([raw]), 'the lineage');
    },
  },
  'POST /v1/graph/imports': {
    name: 'an import is opened for its provider',
    async run(world) {
      equal((await imported(world)).provider, 'warehouse', 'the provider');
    },
  },
  'PUT /v1/graph/imports/{importId}/parts/{part}': {
    name: 'an import takes its lines in parts',
    async run(world) {
      equal((await imported(world)).lines, 2, 'the number of lines');
    },
  },
  'POST /v1/graph/imports/{importId}/commit': {
    name: 'what is committed is in the lineage',
    async run(world) {
      await imported(world);
      const lineage = await world.succeed('GET', `${entity(table(world, 'mart'))}/lineage`);
      equal(uris(lineage), JSON.stringify([table(world, 'raw')]), 'the lineage');
    },
  },
  'GET /v1/graph/imports/{importId}': {
    name: 'an import says how it ended',
    async run(world) {
      equal((await imported(world)).status, 'succeeded', 'the status');
    },
  },
};
