import { type Behavior, baselineStatus, behaviors, registerEmbeddings, registerLarge } from '../mutation/behaviors.ts';
import { fact } from '../mutation/customer.ts';
import { definitionOf, holdoutOf, versionOf } from '../mutation/model-life.ts';
import type { Policy, World } from '../mutation/world.ts';

type Body = Record<string, unknown>;

/** The gateway hears no: the key of a refused request is free again. */
async function refuse(world: World, method: string, path: string, body: unknown, headers?: Record<string, string>) {
  const { status } = await world.customer.call(method, path, body, headers);
  fact(status >= 400 && status < 500, () => `${method} ${path} answered ${status}`);
}

async function forgetArtifact({ customer }: World, uri: unknown): Promise<void> {
  const [, , , ...key] = String(uri).split('/');
  await customer.forget('ArtifactBucketName', key.join('/'));
}

/** The routing table is gone, as after a bucket was made anew. */
const forgetRouting = ({ customer, modelId }: World) => customer.forget('RoutingBucketName', `routing/${modelId}.json`);

/** A canary that needs an hour and thirty rows. */
const hasty = (policy: Policy) => ({
  ...policy,
  rollout: {
    ...policy.rollout,
    steps: [50, 100],
    maximumHoldHours: 1,
    minimumRowsPerArm: 20,
    businessMetricRequired: false,
    onInconclusive: 'roll-back',
  },
});

async function startHastyCanary(world: World): Promise<void> {
  await world.deploy();
  await world.loosenPolicy(hasty);
  await world.train((await world.requestRetrain()).runId ?? '');
  await forgetRouting(world);
}

async function expectEnd({ rollout, succeed, model }: World, status: string, champion: number): Promise<void> {
  const newest = await rollout();
  fact(newest.status === status, () => `the rollout is ${JSON.stringify(newest)}, expected ${status}`);
  const { arms } = await succeed('GET', `${model}/routing`);
  const [arm] = arms as Body[];
  fact(arm?.version === champion && arm.weightPercent === 100, () => `the routing is ${JSON.stringify(arms)}`);
}

/** What routes, mappings and schedules do not show: other ends, missing objects, refused requests, looks into the past. */
const further: readonly Behavior[] = [
  {
    name: 'a version whose large reference window is gone says so',
    async run(world) {
      await forgetArtifact(world, await registerLarge(world));
      await world.cloud.pump();
      const { status, reason } = await baselineStatus(world);
      fact(
        status === 'failed' && String(reason).startsWith('there is no object'),
        () => `the baseline is ${JSON.stringify({ status, reason })}`,
      );
    },
  },
  {
    name: 'a refused change of a model can be tried again',
    async run(world) {
      const { register, succeed, model, modelId } = world;
      await register();
      await refuse(world, 'POST', '/v1/models', definitionOf(modelId));
      await refuse(world, 'POST', `${model}/lifecycle`, { to: 'retired', reason: 'too early' });
      await refuse(world, 'POST', `${model}/evaluations`, {});
      await refuse(world, 'POST', `${model}/retrains`, { reason: 'nothing to retrain' });
      await refuse(world, 'POST', `${model}/versions/9/deployment`, {});
      await refuse(world, 'POST', `/v1/teams/flights/notifications/${modelId}-i1-n1/replay`, {});
      const { policy } = await succeed('GET', model);
      await refuse(world, 'PUT', `${model}/policy`, policy, { 'if-match': '"99"' });
    },
  },
  {
    name: 'a version whose artefact is missing is neither registered nor deployed',
    async run(world) {
      const { register, succeed, customer, model, modelId, now } = world;
      await register();
      const lost = await versionOf(customer, modelId, 'lost', now());
      await forgetArtifact(world, lost.artifactUri);
      await refuse(world, 'POST', `${model}/versions`, lost);
      const found = await versionOf(customer, modelId, 'found', now());
      await succeed('POST', `${model}/versions`, found);
      await forgetArtifact(world, found.artifactUri);
      await refuse(world, 'POST', `${model}/versions/1/deployment`, {});
    },
  },
  {
    name: 'a run whose hold-out is missing is not completed',
    async run(world) {
      const { deploy, requestRetrain, addVersion, customer, modelId } = world;
      await deploy();
      const { runId = '' } = await requestRetrain();
      const modelVersion = await addVersion(runId, 2);
      const holdout = await customer.upload(`${modelId}/none.ndjson`, 'x');
      await forgetArtifact(world, holdout.uri);
      await refuse(world, 'POST', `/v1/runs/${runId}/completion`, { status: 'succeeded', modelVersion, holdout });
    },
  },
  {
    name: 'what comes too late for the queue is refused',
    async run(world) {
      const { deploy, requestRetrain, succeed, cloud } = world;
      await deploy();
      const { retrainId, runId } = await requestRetrain();
      const late = { reason: 'too late' };
      for (const change of ['hold', 'release', 'bump'])
        await refuse(world, 'POST', `/v1/retrains/${retrainId}/${change}`, late);
      await succeed('POST', `/v1/runs/${runId}/completion`, { status: 'failed', error: 'no data' });
      await cloud.pump();
      await refuse(world, 'POST', `/v1/retrains/${retrainId}/cancellation`, late);
      const run = { connection: 'by-hand', pipeline: 'ranker-train', id: 'laptop-8', ...late };
      await refuse(world, 'POST', `/v1/retrains/${retrainId}/run`, run);
    },
  },
  {
    name: 'a candidate that is worse on the hold-out is refused',
    async run(world) {
      await world.deploy();
      await world.loosenPolicy();
      const worse = holdoutOf(world.now())
        .replaceAll('championScore', 'x')
        .replaceAll('candidateScore', 'championScore');
      const { runId = '' } = await world.requestRetrain();
      await forgetRouting(world);
      await world.train(runId, worse.replaceAll('"x"', '"candidateScore"'));
      fact((await world.rollout()).status === 'refused', () => 'the candidate was not refused');
    },
  },
  {
    name: 'a candidate whose artefact is gone is refused',
    async run(world) {
      const { deploy, loosenPolicy, requestRetrain, succeed, customer, model, modelId, now } = world;
      await deploy();
      await loosenPolicy();
      const { runId = '' } = await requestRetrain();
      const version = await versionOf(customer, modelId, runId, now(), 2);
      const { version: modelVersion } = await succeed('POST', `${model}/versions`, version);
      const holdout = await customer.upload(`${modelId}/holdout.ndjson`, holdoutOf(now()));
      await succeed('POST', `/v1/runs/${runId}/completion`, { status: 'succeeded', modelVersion, holdout });
      await forgetArtifact(world, version.artifactUri);
      await world.cloud.pump();
      fact((await world.rollout()).status === 'refused', () => 'the candidate was not refused');
    },
  },
  {
    name: 'a candidate whose hold-out is gone is refused',
    async run(world) {
      const { deploy, loosenPolicy, requestRetrain, addVersion, succeed, customer, modelId, now } = world;
      await deploy();
      await loosenPolicy();
      const { runId = '' } = await requestRetrain();
      const modelVersion = await addVersion(runId, 2);
      const holdout = await customer.upload(`${modelId}/holdout.ndjson`, holdoutOf(now()));
      await succeed('POST', `/v1/runs/${runId}/completion`, { status: 'succeeded', modelVersion, holdout });
      await forgetArtifact(world, holdout.uri);
      await world.cloud.pump();
      fact((await world.rollout()).status === 'refused', () => 'the candidate was not refused');
    },
  },
  {
    name: 'a canary without evidence is rolled back, also without a routing table',
    async run(world) {
      await startHastyCanary(world);
      await world.advance(70);
      await expectEnd(world, 'rolled-back', 1);
    },
  },
  {
    name: 'an aborted rollout is over, also without a routing table',
    async run(world) {
      await startHastyCanary(world);
      const { rolloutId } = await world.rollout();
      const abort = { reason: 'a test ends it' };
      await world.succeed('POST', `/v1/rollouts/${rolloutId}/abort`, abort);
      await expectEnd(world, 'aborted', 1);
    },
  },
  {
    name: 'a version deployed beside a champion begins a rollout',
    async run(world) {
      const { deploy, addVersion, succeed, cloud, model } = world;
      await deploy();
      await addVersion('second');
      await succeed('POST', `${model}/versions/2/deployment`, {});
      await cloud.pump();
      await world.rollout();
    },
  },
  {
    name: 'a model, its drift and its health can be seen as of a past moment',
    async run(world) {
      const { deploy, predict, advance, succeed, cloud, model } = world;
      await deploy();
      await predict();
      await advance(10);
      const asOf = cloud.now();
      await advance(10);
      await succeed('GET', `${model}?asOf=${asOf}`);
      await succeed('GET', `${model}/drift?asOf=${asOf}`);
      await succeed('POST', `${model}/evaluations`, { asOf });
    },
  },
  {
    name: 'a comparison of embeddings names a file that is gone',
    async run(world) {
      const [first] = await registerEmbeddings(world);
      await forgetArtifact(world, first);
      await world.cloud.pump();
      const { report, reason } = await world.succeed('GET', `${world.model}/versions/2/embedding-stability`);
      fact(report === null && String(reason).includes('there is no object'), () => `the reason is ${String(reason)}`);
    },
  },
  {
    name: 'the CDN serves routing tables, and the portal’s files',
    async run({ deploy, cloud, modelId }) {
      await deploy();
      const routing = await fetch(`${cloud.cdnUrl}/routing/${modelId}.json`);
      fact(routing.ok, () => `the routing table answered ${routing.status}`);
      await fetch(`${cloud.cdnUrl}/none.js`);
    },
  },
];

/** By name: every behaviour that together uses every grant of the template. */
export const allBehaviors: ReadonlyMap<string, Behavior> = new Map(
  [
    ...Object.entries(behaviors).map(([key, behavior]) => ({ ...behavior, name: `${key}: ${behavior.name}` })),
    ...further,
  ].map((behavior) => [behavior.name, behavior]),
);
