import type { Behavior } from './behaviors.ts';
import { fact } from './customer.ts';
import { definitionOf } from './model-life.ts';
import type { World } from './world.ts';

type Body = Record<string, unknown>;

const equal = (actual: unknown, expected: unknown, what: string) =>
  fact(actual === expected, () => `${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
const entity = (uri: string) => `/v1/entities/${encodeURIComponent(uri)}`;
const modelUri = (modelId: string) => `aip://model/registry/${modelId}`;

/** The model and a second one that consumes it, both known to the graph. */
async function addDependant({ register, succeed, cloud, modelId }: World) {
  await register();
  const dependant = `${modelId}-overridden`;
  await succeed('POST', '/v1/models', { ...definitionOf(dependant), upstreamModels: [modelId] });
  await cloud.pump();
  return { from: modelUri(dependant), type: 'consumes', to: modelUri(modelId) };
}

/** How many models a change of the model affects. */
async function affected({ succeed, modelId }: World): Promise<unknown> {
  return (await succeed('GET', `/v1/models/${modelId}/impact?types=model`)).total;
}

async function suppress(world: World) {
  const edge = await addDependant(world);
  await world.succeed('PUT', '/v1/edge-overrides', { ...edge, effect: 'suppress', reason: 'read by nobody' });
  return edge;
}

/** A second model of a domain of its own that reads one more feature than the first; gives the first. */
async function addSimilar({ succeed, cloud, modelId }: World): Promise<string> {
  const named = (name: string) => ({ name, type: 'numeric' });
  const define = (id: string, ...names: readonly string[]) =>
    succeed('POST', '/v1/models', { ...definitionOf(id), domain: modelId, features: names.map(named) });
  await define(`${modelId}-one`, 'distance');
  await define(`${modelId}-two`, 'distance', 'wind');
  await cloud.pump();
  return modelUri(`${modelId}-one`);
}

async function suggested({ succeed }: World, uri: string): Promise<readonly Body[]> {
  const { items } = await succeed('GET', `/v1/suggestions?uri=${encodeURIComponent(uri)}`);
  return items as Body[];
}

export const enrichment: Readonly<Record<string, Behavior>> = {
  'schedule graph/enrich': {
    name: 'inference looks at a new model before long and says when it did',
    async run({ register, succeed, cloud, advance, modelId }) {
      await register();
      await cloud.pump();
      await advance(61);
      const shown = await succeed('GET', entity(modelUri(modelId)));
      equal((shown.entity as Body).state, 'enriched', 'the state');
    },
  },
  'PUT /v1/edge-overrides': {
    name: 'an owner takes away an edge that is wrong',
    async run(world) {
      const edge = await addDependant(world);
      equal(await affected(world), 1, 'what is affected before');
      await world.succeed('PUT', '/v1/edge-overrides', { ...edge, effect: 'suppress', reason: 'read by nobody' });
      equal(await affected(world), 0, 'what is affected after');
    },
  },
  'GET /v1/edge-overrides': {
    name: 'who overrode an edge, why, and who contradicts it, can be read',
    async run(world) {
      const { from } = await suppress(world);
      const { items } = await world.succeed('GET', `/v1/edge-overrides?uri=${encodeURIComponent(from)}`);
      const [first] = items as Body[];
      equal(first?.reason, 'read by nobody', 'the reason');
      equal((first?.conflict as Body | undefined)?.kind, 'claimed-though-suppressed', 'the conflict with the registry');
    },
  },
  'DELETE /v1/edge-overrides': {
    name: 'an edge is back when its override is withdrawn',
    async run(world) {
      const edge = await suppress(world);
      await world.succeed('DELETE', `/v1/edge-overrides?${new URLSearchParams(edge)}`);
      equal(await affected(world), 1, 'what is affected');
    },
  },
  'GET /v1/suggestions': {
    name: 'a feature that similar models use is suggested',
    async run(world) {
      const uri = await addSimilar(world);
      const [first] = await suggested(world, uri);
      equal(first?.to, `aip://feature/registry/${world.modelId}/wind`, 'what is suggested');
    },
  },
  'POST /v1/suggestions/{suggestionId}/decision': {
    name: 'a suggestion that is accepted is an edge, and one that is rejected is not made again',
    async run(world) {
      const uri = await addSimilar(world);
      const [first] = await suggested(world, uri);
      const decide = (id: unknown, decision: string) =>
        world.succeed('POST', `/v1/suggestions/${id}/decision`, { decision, reason: 'we looked' });
      await decide(first?.suggestionId, 'reject');
      equal((await suggested(world, uri)).length, 0, 'how many are left');
      await decide(first?.suggestionId, 'accept');
      const { relations } = await world.succeed('GET', entity(uri));
      fact(
        (relations as Body[]).some(({ provenance, uri: to }) => provenance === 'override' && to === first?.to),
        () => `${first?.to} is not among the relations`,
      );
    },
  },
  'GET /v1/entities/{uri}/similar': {
    name: 'a model shows which others use the same features',
    async run(world) {
      const { similar } = await world.succeed('GET', `${entity(await addSimilar(world))}/similar`);
      equal((similar as Body[])[0]?.uri, modelUri(`${world.modelId}-two`), 'the most similar one');
    },
  },
  'GET /v1/entities/{uri}/quality': {
    name: 'an entity shows how good its metadata are',
    async run({ register, succeed, cloud, modelId }) {
      await register();
      await cloud.pump();
      const { parts, score } = await succeed('GET', `${entity(modelUri(modelId))}/quality`);
      equal((parts as Body).owner, 1, 'the part of the owner');
      fact(Number(score) > 0 && Number(score) < 1, () => `the score is ${score}, expected between 0 and 1`);
    },
  },
  'GET /v1/teams/{team}/metadata-quality': {
    name: 'a team sees how good the metadata of what it owns are',
    async run({ register, succeed, cloud }) {
      await register();
      await cloud.pump();
      const board = await succeed('GET', '/v1/teams/flights/metadata-quality');
      fact(Number(board.entities) > 0, () => `the team owns ${board.entities} entities, expected some`);
    },
  },
};
