import type { Behavior } from './behaviors.ts';
import { everyRole, fact } from './customer.ts';
import type { World } from './world.ts';

type Body = Record<string, unknown>;

const equal = (actual: unknown, expected: unknown, what: string) =>
  fact(actual === expected, () => `${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);

/** Path of a writer of its own. */
async function registerWriter({ succeed, modelId }: World): Promise<string> {
  await succeed('POST', '/v1/writers', { writer: `flights/${modelId}` });
  return `/v1/writers/flights/${modelId}`;
}

export const writers: Readonly<Record<string, Behavior>> = {
  'GET /v1/writers': {
    name: 'a team finds its writers by name',
    async run(world) {
      await registerWriter(world);
      const { items } = await world.succeed('GET', '/v1/writers?team=flights&limit=100');
      const names = (items as Body[]).map(({ writer }) => writer);
      fact(names.includes(`flights/${world.modelId}`), () => `it is not among ${names}`);
    },
  },
  'GET /v1/writers/{team}/{name}': {
    name: 'a writer may write predictions and nothing else unless that is asked for',
    async run(world) {
      const { scopes } = await world.succeed('GET', await registerWriter(world));
      equal(JSON.stringify(scopes), '["predictions"]', 'what it may write');
    },
  },
  'POST /v1/writers/{team}/{name}/rotation': {
    name: 'a rotated key is another',
    async run(world) {
      const writer = await registerWriter(world);
      const { keyId, key } = await world.succeed('POST', `${writer}/rotation`, { overlapHours: 0, reason: 'drill' });
      const issued = await world.succeed('POST', '/v1/writers', { writer: `flights/${world.modelId}` });
      // Whoever asks twice gets one more: answers with keys in them are not remembered.
      fact(Number(keyId) >= 2, () => `the generation of the key is ${keyId}, expected a second one`);
      equal(key, issued.key, 'the present key');
    },
  },
  'POST /v1/writers/{team}/{name}/revocation': {
    name: 'a revoked writer gets no key any more',
    async run(world) {
      const writer = await registerWriter(world);
      await world.succeed('POST', `${writer}/revocation`, { reason: 'gone' });
      const { status } = await world.customer.call('POST', '/v1/writers', { writer: `flights/${world.modelId}` });
      equal(status, 409, 'the answer to who asks for its key');
    },
  },
  'POST /v1/writers/{team}/{name}/distrust': {
    name: 'the labels of who is distrusted count no more, and the model is evaluated anew',
    async run(world) {
      await postLabels(world);
      const since = world.cloud.now();
      const distrustId = await distrust(world);
      await world.advance(restatedMinutes);
      equal((await world.performance()).n, 0, 'the number of pairs');
      const { items } = await world.succeed('GET', `${world.model}/evaluations`);
      const evaluations = items as Body[];
      fact(String(evaluations[0]?.evaluatedAt) > since, () => `the evaluations are ${JSON.stringify(evaluations)}`);
      await trust(world, distrustId);
    },
  },
  'POST /v1/writers/{team}/{name}/trust': {
    name: 'they count again when the distrust is taken back',
    async run(world) {
      await postLabels(world);
      await trust(world, await distrust(world));
      equal((await world.performance()).n, 60, 'the number of pairs');
    },
  },
  'GET /v1/writers/{team}/{name}/restatements': {
    name: 'a restatement says which models are done',
    async run(world) {
      await postLabels(world);
      await trust(world, await distrust(world));
      equal((await restatement(world))?.status, 'completed', 'the status');
    },
  },
  'mapping ground-truth/restate-outcomes': {
    name: 'whose trust has changed is restated within minutes',
    async run(world) {
      await postLabels(world);
      const distrustId = await distrust(world);
      await world.advance(restatedMinutes);
      equal((await restatement(world))?.status, 'completed', 'the status');
      await trust(world, distrustId);
    },
  },
  'schedule ground-truth/restate-outcomes': {
    name: 'a restatement whose message was lost is taken up within the hour',
    async run(world) {
      await postLabels(world);
      const distrustId = await distrust(world);
      await world.customer.purge('RestatementQueueUrl');
      await world.advance(61 + restatedMinutes);
      equal((await restatement(world))?.status, 'completed', 'the status');
      await trust(world, distrustId);
    },
  },
};

/** Longer than trust takes to settle, and the restatement after it. */
const restatedMinutes = 4;
/** Who posts over HTTP is a writer of Runway's own. */
const poster = `/v1/writers/runway/api.${everyRole.sub}`;

/** Sixty predictions and their labels, over HTTP. */
async function postLabels({ deploy, predict, resolve, performance }: World): Promise<void> {
  await deploy();
  await resolve(await predict());
  equal((await performance()).n, 60, 'the number of pairs before');
}

/** Of the last hour's labels. */
async function distrust({ succeed, now }: World): Promise<unknown> {
  const from = new Date(now() - 3_600_000).toISOString();
  const { distrusts } = await succeed('POST', `${poster}/distrust`, { from, reason: 'a drill' });
  return (distrusts as Body[]).at(-1)?.distrustId;
}

async function trust({ succeed, advance }: World, distrustId: unknown): Promise<void> {
  await succeed('POST', `${poster}/trust`, { distrustId, reason: 'the drill is over' });
  await advance(restatedMinutes);
}

/** The latest of the model's. */
async function restatement({ succeed, modelId }: World): Promise<Body | undefined> {
  const { items } = await succeed('GET', `${poster}/restatements?limit=100`);
  return (items as Body[]).find((item) => item.modelId === modelId);
}
