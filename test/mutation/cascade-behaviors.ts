import type { Behavior } from './behaviors.ts';
import { fact } from './customer.ts';
import { definitionOf, versionOf } from './model-life.ts';
import type { World } from './world.ts';

type Body = Record<string, unknown>;

const equal = (actual: unknown, expected: unknown, what: string) =>
  fact(actual === expected, () => `${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
const reason = { reason: 'a test says so' };

/** Version 2 is promoted right after validation, and another model consumes this one's output; gives its id. */
export async function promote(world: World): Promise<string> {
  const { customer, succeed, modelId, now, cloud } = world;
  await world.deploy();
  const dependant = `${modelId}-live`;
  await succeed('POST', '/v1/models', { ...definitionOf(dependant), upstreamModels: [modelId] });
  await succeed('POST', `/v1/models/${dependant}/versions`, await versionOf(customer, dependant, 'first', now()));
  await succeed('POST', `/v1/models/${dependant}/versions/1/deployment`, {});
  await world.loosenPolicy((policy) => ({ ...policy, rollout: { ...policy.rollout, steps: [100] } }));
  await world.train((await world.requestRetrain()).runId ?? '');
  await cloud.pump();
  return dependant;
}

const cascadeOf = ({ succeed, modelId }: World) => succeed('GET', `/v1/cascades/${modelId}-v2`);

async function memberOf(world: World): Promise<Body> {
  const { members, status } = await cascadeOf(world);
  const [member] = members as Body[];
  fact(member !== undefined, () => `the ${String(status)} cascade has no member`);
  return member;
}

/** The slots are free, so that what waits is held; gives its path. */
async function held({ deploy, succeed, cloud, model }: World): Promise<string> {
  await deploy();
  const { retrainId } = await succeed('POST', `${model}/retrains`, reason);
  const path = `/v1/retrains/${String(retrainId)}`;
  await succeed('POST', `${path}/hold`, reason);
  await cloud.pump();
  return path;
}

const retrainOf = async ({ succeed, model }: World) =>
  Object((await succeed('GET', `${model}/retrains`)).items)[0] as Body;

export const cascades: Readonly<Record<string, Behavior>> = {
  'GET /v1/cascades': {
    name: 'a promotion that others depend on is among the open cascades',
    async run(world) {
      await promote(world);
      const { items } = await world.succeed('GET', `/v1/cascades?modelId=${world.modelId}`);
      equal((items as Body[])[0]?.cascadeId, `${world.modelId}-v2`, 'the newest cascade');
    },
  },
  'GET /v1/cascades/{cascadeId}': {
    name: 'a cascade says what it will retrain and when',
    async run(world) {
      const dependant = await promote(world);
      const { plan, members } = await cascadeOf(world);
      equal((members as Body[])[0]?.modelId, dependant, 'the first model');
      equal(Object(plan).blastRadius.retrains, 1, 'the number of retrains');
    },
  },
  'POST /v1/cascades/{cascadeId}/veto': {
    name: 'what a vetoed cascade has not started never starts',
    async run(world) {
      await promote(world);
      await world.succeed('POST', `/v1/cascades/${world.modelId}-v2/veto`, reason);
      equal((await memberOf(world)).status, 'skipped', 'the status of the member');
      equal((await cascadeOf(world)).status, 'ended', 'the status of the cascade');
    },
  },
  'mapping retraining/advance-cascades': {
    name: 'a cascade is planned as soon as the version is promoted',
    async run(world) {
      await promote(world);
      equal((await memberOf(world)).status, 'waiting', 'the status of the member');
    },
  },
  'schedule retraining/advance-cascades': {
    name: 'a model is retrained once the cooldown after a promotion upstream is over',
    async run(world) {
      const dependant = await promote(world);
      await world.advance(4 * 60 + 70);
      equal((await memberOf(world)).status, 'requested', 'the status of the member');
      const { items } = await world.succeed('GET', `/v1/models/${dependant}/retrains`);
      const causes = (items as Body[]).map(({ triggers }) => (triggers as Body[]).map(({ cause }) => cause));
      equal(JSON.stringify(causes), '[["cascade"]]', 'the causes of its retrains');
    },
  },
  'POST /v1/retrains/{retrainId}/hold': {
    name: 'a held retrain stays in the queue though slots are free',
    async run(world) {
      await held(world);
      await world.advance(61);
      equal((await retrainOf(world)).status, 'queued', 'the status');
    },
  },
  'POST /v1/retrains/{retrainId}/release': {
    name: 'a released retrain starts',
    async run(world) {
      await world.succeed('POST', `${await held(world)}/release`, reason);
      await world.cloud.pump();
      equal((await retrainOf(world)).status, 'running', 'the status');
    },
  },
  'POST /v1/retrains/{retrainId}/bump': {
    name: 'a bumped retrain says by how many tiers',
    async run(world) {
      await world.succeed('POST', `${await held(world)}/bump`, { ...reason, bump: 2 });
      equal((await retrainOf(world)).bump, 2, 'the bump');
    },
  },
  'POST /v1/retrains/{retrainId}/cancellation': {
    name: 'a cancelled training ends its retrain and frees the model',
    async run(world) {
      await world.deploy();
      const { retrainId } = await world.requestRetrain();
      await world.succeed('POST', `/v1/retrains/${retrainId}/cancellation`, reason);
      await world.cloud.pump();
      equal((await retrainOf(world)).status, 'cancelled', 'the status');
      equal((await world.succeed('GET', world.model)).openRetrain, undefined, 'the open retrain');
    },
  },
};
