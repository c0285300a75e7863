import type { Behavior } from './behaviors.ts';
import { fact } from './customer.ts';
import type { World } from './world.ts';

type Body = Record<string, unknown>;
const minute = 60_000;

const equal = (actual: unknown, expected: unknown, what: string) =>
  fact(actual === expected, () => `${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);

/** Its secret is nowhere, so that every attempt fails before it reaches the network, and is tried again. */
const unreachable = { kind: 'webhook', name: 'nobody', url: 'https://nobody.test/', secret: 'missing' };

const setTargets = ({ succeed }: World, settings: Body) =>
  succeed('PUT', '/v1/teams/flights/notification-targets', settings);

/** A training that fails is something to tell: gives the id of the incident. */
export async function failRetrain(world: World): Promise<string> {
  await world.deploy();
  const { runId } = await world.requestRetrain();
  await world.succeed('POST', `/v1/runs/${runId}/completion`, { status: 'failed', error: 'out of memory' });
  await world.settle();
  return `${world.modelId}-i1`;
}

async function deliveryOf({ succeed }: World, incidentId: string): Promise<Body> {
  const { items } = await succeed('GET', '/v1/teams/flights/notifications?limit=100');
  const found = (items as Body[]).find(({ notificationId }) => notificationId === `${incidentId}-n1`);
  fact(found !== undefined, () => `there is no notification of ${incidentId}`);
  const [delivery] = found.deliveries as Body[];
  fact(delivery !== undefined, () => `nobody is told of ${incidentId}`);
  return delivery;
}

const attemptsOf = async (world: World, incidentId: string) =>
  ((await deliveryOf(world, incidentId)).attempts as Body[]).length;

async function incidentOf({ succeed }: World, incidentId: string): Promise<Body> {
  const { items } = await succeed('GET', '/v1/teams/flights/incidents?limit=100');
  const found = (items as Body[]).find((each) => each.incidentId === incidentId);
  fact(found !== undefined, () => `there is no incident ${incidentId}`);
  return found;
}

export const notifications: Readonly<Record<string, Behavior>> = {
  'GET /v1/teams/{team}/notification-targets': {
    name: 'a team that set nobody to tell tells nobody',
    async run({ succeed, modelId }) {
      const { targets } = await succeed('GET', `/v1/teams/of-${modelId}/notification-targets`);
      equal(JSON.stringify(targets), '[]', 'the targets');
    },
  },
  'PUT /v1/teams/{team}/notification-targets': {
    name: 'those are told whom a team set',
    async run({ succeed, modelId }) {
      const path = `/v1/teams/of-${modelId}/notification-targets`;
      await succeed('PUT', path, { targets: [unreachable] });
      const { targets } = await succeed('GET', path);
      equal((targets as Body[])[0]?.name, unreachable.name, 'the target');
    },
  },
  'GET /v1/teams/{team}/incidents': {
    name: 'a training that failed is an incident of its team',
    async run(world) {
      equal((await incidentOf(world, await failRetrain(world))).cause, 'retrain-failed', 'the cause');
    },
  },
  'POST /v1/incidents/{incidentId}/acknowledgement': {
    name: 'an acknowledged incident says who has taken it on',
    async run(world) {
      await setTargets(world, { targets: [unreachable] });
      const incidentId = await failRetrain(world);
      await world.succeed('POST', `/v1/incidents/${incidentId}/acknowledgement`, { comment: 'looking at it' });
      equal(Object((await incidentOf(world, incidentId)).acknowledgement).comment, 'looking at it', 'the comment');
    },
  },
  'GET /v1/teams/{team}/notifications': {
    name: 'what could not be delivered is in the history',
    async run(world) {
      await setTargets(world, { targets: [unreachable] });
      equal((await deliveryOf(world, await failRetrain(world))).target, unreachable.name, 'the target');
    },
  },
  'POST /v1/teams/{team}/notifications/{notificationId}/replay': {
    name: 'what was given up is sent again',
    async run(world) {
      await setTargets(world, { targets: [unreachable] });
      const incidentId = await failRetrain(world);
      // Nobody of this name any more: given up at the next attempt.
      await setTargets(world, { targets: [] });
      await world.advance(1);
      equal((await deliveryOf(world, incidentId)).status, 'failed', 'the delivery');
      await world.succeed('POST', `/v1/teams/flights/notifications/${incidentId}-n1/replay`, {});
      equal((await deliveryOf(world, incidentId)).replays, 1, 'the number of replays');
      await world.settle();
    },
  },
  'mapping notifications/raise-incidents': {
    name: 'an incident is open as long as its cause',
    async run(world) {
      equal((await incidentOf(world, await failRetrain(world))).status, 'open', 'the incident');
    },
  },
  'mapping notifications/deliver-notifications': {
    name: 'a delivery is attempted at once',
    async run(world) {
      await setTargets(world, { targets: [unreachable] });
      const attempts = await attemptsOf(world, await failRetrain(world));
      fact(attempts > 0, () => 'nobody tried');
    },
  },
  'schedule notifications/deliver-notifications': {
    name: 'what informs is told when quiet hours are over',
    async run(world) {
      const clock = (minutes: number) => new Date(world.now() + minutes * minute).toISOString().slice(11, 16);
      await setTargets(world, {
        targets: [unreachable],
        quietHours: { from: clock(-60), to: clock(10), timeZone: 'UTC' },
      });
      const incidentId = await failRetrain(world);
      equal(await attemptsOf(world, incidentId), 0, 'the number of attempts in quiet hours');
      await world.advance(35);
      const attempts = await attemptsOf(world, incidentId);
      fact(attempts > 0, () => 'nobody tried after them');
    },
  },
};
