import type { Behavior } from './behaviors.ts';
import { fact } from './customer.ts';
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
};
