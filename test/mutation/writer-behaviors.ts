import type { Behavior } from './behaviors.ts';
import { fact } from './customer.ts';
import type { World } from './world.ts';

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
      const names = (items as Record<string, unknown>[]).map(({ writer }) => writer);
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
      equal(keyId, 2, 'the generation of the key');
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
};
