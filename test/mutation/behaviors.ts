import { cascades } from './cascade-behaviors.ts';
import { fact } from './customer.ts';
import { enrichment } from './enrichment-behaviors.ts';
import { entities } from './entity-behaviors.ts';
import { graphql } from './graphql-behaviors.ts';
import { lineage } from './lineage-behaviors.ts';
import { definitionOf, embeddingsOf, largeReference, predictionsOf, sageMakerLines, versionOf } from './model-life.ts';
import { notifications } from './notification-behaviors.ts';
import { providers } from './provider-behaviors.ts';
import { searching } from './search-behaviors.ts';
import { triggers } from './trigger-behaviors.ts';
import type { World } from './world.ts';
import { writers } from './writer-behaviors.ts';

/** What a customer would miss if the resource were not there. Throws `FactBroken` when it does not hold. */
export type Behavior = { readonly name: string; run(world: World): Promise<void> };

type Body = Record<string, unknown>;
const items = (page: Body): readonly Body[] => page.items as Body[];
const show = (value: unknown) => JSON.stringify(value);

function equal(actual: unknown, expected: unknown, what: string): void {
  fact(actual === expected, () => `${what} is ${show(actual)}, expected ${show(expected)}`);
}

const registry: Readonly<Record<string, Behavior>> = {
  'POST /v1/models': {
    name: 'a registered model belongs to its team',
    async run({ register, succeed, model }) {
      await register();
      equal(Object(await succeed('GET', model)).lifecycle, 'registered', 'the lifecycle');
    },
  },
  'GET /v1/models': {
    name: 'a team finds its models by name',
    async run({ register, succeed, modelId }) {
      await register();
      const page = await succeed('GET', '/v1/models?team=flights&limit=100');
      fact(
        items(page).some((model) => model.modelId === modelId),
        () => `${modelId} is not among ${show(page)}`,
      );
    },
  },
  'GET /v1/models/{modelId}': {
    name: 'a model shows the policy of its tier',
    async run({ register, succeed, model }) {
      await register();
      equal(
        Object((await succeed('GET', model)).policy).evaluationIntervalMinutes,
        5,
        'the evaluation interval of tier 1',
      );
    },
  },
  'POST /v1/models/{modelId}/lifecycle': {
    name: 'a deprecated model is no longer trained',
    async run({ deploy, succeed, customer, model }) {
      await deploy();
      await succeed('POST', `${model}/lifecycle`, { to: 'deprecated', reason: 'replaced' });
      equal(
        (await customer.call('POST', `${model}/retrains`, { reason: 'habit' })).status,
        409,
        'the answer to a retrain',
      );
    },
  },
  'PUT /v1/models/{modelId}/policy': {
    name: 'a changed policy is in force and counted',
    async run({ register, loosenPolicy, succeed, model }) {
      await register();
      await loosenPolicy((policy) => ({ ...policy, windowDays: 3 }));
      const { policy, policyVersion } = await succeed('GET', model);
      equal(Object(policy).windowDays, 3, 'the window');
      equal(policyVersion, 2, 'the policy version');
    },
  },
  'GET /v1/models/{modelId}/policies/{policyVersion}/diff': {
    name: 'what a change of policy changed is told',
    async run({ register, loosenPolicy, succeed, model }) {
      await register();
      await loosenPolicy((policy) => ({ ...policy, windowDays: 3 }));
      const { changes } = await succeed('GET', `${model}/policies/1/diff?to=2`);
      fact(
        (changes as Body[]).some(({ path, to }) => path === '/windowDays' && to === 3),
        () => `the window is not among ${show(changes)}`,
      );
    },
  },
  'GET /v1/models/{modelId}/history': {
    name: 'every change is kept with the hash of the one before',
    async run({ deploy, succeed, model }) {
      await deploy();
      const commits = items(await succeed('GET', `${model}/history`));
      fact(commits.length >= 3, () => `${commits.length} commits are kept, expected one for each step`);
      for (const [i, commit] of commits.slice(1).entries())
        equal(commit.previousHash, commits[i]?.hash, `the hash before commit ${i + 2}`);
    },
  },
  'POST /v1/models/{modelId}/versions': {
    name: 'a registered version can be deployed',
    async run({ deploy, succeed, model }) {
      await deploy();
      equal(Object((await succeed('GET', model)).champion).version, 1, 'the champion');
    },
  },
  'GET /v1/models/{modelId}/versions': {
    name: 'versions are listed newest first',
    async run({ register, addVersion, succeed, model }) {
      await register();
      await addVersion('first');
      await addVersion('second');
      equal(show(items(await succeed('GET', `${model}/versions`)).map(({ version }) => version)), '[2,1]', 'the order');
    },
  },
  'GET /v1/models/{modelId}/versions/{version}': {
    name: 'a version shows the baseline of its reference window',
    async run({ register, addVersion, succeed, model }) {
      await register();
      await addVersion('first');
      equal(Object((await succeed('GET', `${model}/versions/1`)).baseline).n, 400, 'the number of reference rows');
    },
  },
  'POST /v1/models/{modelId}/versions/{version}/deployment': {
    name: 'the first deployed version gets all traffic',
    async run({ deploy, succeed, model }) {
      await deploy();
      const { arms } = await succeed('GET', `${model}/routing`);
      equal(
        show((arms as Body[]).map(({ version, weightPercent }) => [version, weightPercent])),
        '[[1,100]]',
        'the routing',
      );
    },
  },
  'POST /v1/writers': {
    name: 'what a writer signs with its key is counted',
    async run(world) {
      await world.deploy();
      await putOnStream(world);
      equal((await world.performance()).predictions, 60, 'the number of predictions');
    },
  },
  $default: {
    name: 'a path that is no route gets a problem document of its own',
    async run({ customer }) {
      const { status, body } = await customer.call('GET', '/v1/modells');
      equal(status, 404, 'the status');
      equal(body.type, 'urn:runway:problem:unknown-route', 'the type of the problem');
    },
  },
  'GET /v1/openapi.json': {
    name: 'anyone can read how the API is called',
    async run({ cloud }) {
      const response = await fetch(`${cloud.apiUrl}/v1/openapi.json`);
      fact(response.ok, () => `it answered ${response.status}`);
      const { paths } = (await response.json()) as { readonly paths: Body };
      fact('/v1/predictions' in paths, () => `it tells only of ${Object.keys(paths)}`);
    },
  },
};

async function putOnStream({
  succeed,
  customer,
  modelId,
  advance,
  settle,
  now,
}: World): Promise<ReturnType<typeof predictionsOf>> {
  await advance(1);
  const { key } = await succeed('POST', '/v1/writers', {
    writer: 'flights/tests',
    scopes: ['predictions', 'outcomes'],
    // So few that each record is told to the counter that all functions share.
    eventsPerMinute: 600,
  });
  const predictions = predictionsOf(modelId, 60, now());
  const events = predictions.map((record) => ({ kind: 'prediction' as const, record }));
  await customer.stream(modelId, String(key), events);
  await settle();
  return predictions;
}

const groundTruth: Readonly<Record<string, Behavior>> = {
  'POST /v1/predictions': {
    name: 'posted predictions are counted',
    async run({ deploy, predict, performance }) {
      await deploy();
      await predict();
      equal((await performance()).predictions, 60, 'the number of predictions');
    },
  },
  'POST /v1/outcomes': {
    name: 'posted outcomes are attributed to their predictions',
    async run({ deploy, predict, resolve, performance }) {
      await deploy();
      await resolve(await predict());
      equal((await performance()).n, 60, 'the number of pairs');
    },
  },
  'GET /v1/models/{modelId}/performance': {
    name: 'realised performance can be read',
    async run({ deploy, predict, resolve, performance }) {
      await deploy();
      await resolve(await predict());
      const auc = Number(Object((await performance()).metrics).auc);
      fact(auc > 0.6 && auc < 1, () => `the AUC is ${auc}`);
    },
  },
  'GET /v1/models/{modelId}/performance-series': {
    name: 'realised performance can be followed over time',
    async run({ deploy, predict, resolve, succeed, model }) {
      await deploy();
      await resolve(await predict());
      const points = (await succeed('GET', `${model}/performance-series`)).points as Body[];
      equal(points.at(-1)?.attributed, 60, 'the attributed predictions of the last day');
    },
  },
  'GET /v1/models/{modelId}/paired-performance': {
    name: 'two versions are compared on the same requests',
    async run({ deploy, addVersion, advance, settle, resolve, succeed, cloud, model, modelId, now }) {
      await deploy();
      await addVersion('second');
      await advance(1);
      const predictions = predictionsOf(modelId, 60, now()).map((prediction) => ({
        ...prediction,
        shadows: [{ modelVersion: 2, score: 0.5 }],
      }));
      await succeed('POST', '/v1/predictions', { predictions });
      await settle();
      await resolve(predictions);
      const day = cloud.now().slice(0, 10);
      const from = new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString();
      const to = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString();
      const { points } = await succeed(
        'GET',
        `${model}/paired-performance?older=1&newer=2&bucket=all&from=${from}&to=${to}`,
      );
      equal((points as Body[])[0]?.n, 60, 'the number of requests that both scored');
    },
  },
  'mapping ground-truth/join-events': {
    name: 'a prediction and an outcome that come over the stream make a pair',
    async run(world) {
      await world.deploy();
      await world.resolve(await putOnStream(world));
      equal((await world.performance()).n, 60, 'the number of pairs');
    },
  },
  'mapping ground-truth/import-sagemaker': {
    name: 'what SageMaker captured and somebody labelled makes pairs',
    async run(world) {
      await world.deploy();
      await world.advance(1);
      const { captured, labelled } = sageMakerLines(60, world.now());
      const put = (place: string, lines: readonly string[]) =>
        world.customer.drop(`sagemaker/${world.modelId}/${place}/x.jsonl`, lines.join('\n'));
      await put('1/endpoint/AllTraffic/2001/01/22/00', captured);
      await world.settle();
      await world.settle();
      await world.advance(1);
      await put('ground-truth', labelled);
      await world.settle();
      await world.advance(1);
      equal((await world.performance()).n, 60, 'the number of pairs');
    },
  },
  'mapping ground-truth/archive-events': {
    name: 'what comes over the stream is in the raw archive after the five minutes that a batch waits',
    async run(world) {
      await world.deploy();
      await putOnStream(world);
      await world.advance(6);
      const files = await world.customer.objects('GroundTruthBucketName', 'raw/predictions/arrival=');
      // The least and the greatest value of a column stand in a file as they are.
      const own = files.filter((file) => file.includes(world.modelId));
      fact(own.length > 0, () => `none of ${files.length} files is about ${world.modelId}`);
    },
  },
  'schedule ground-truth/start-batch-join': {
    name: 'when their day is over predictions are joined with their outcomes in files of their date',
    async run(world) {
      // Between two and twenty-two o'clock, so that all of it is of one date.
      const hour = Number(world.cloud.now().slice(11, 13));
      if (hour < 2 || hour >= 22) await world.advance(4 * 60);
      await world.deploy();
      const date = world.cloud.now().slice(0, 10);
      await world.resolve(await putOnStream(world));
      // The second run begins a day or more from now, which is an hour or more after the day.
      await world.advance(48 * 60 + 20);
      const files = await world.customer.objects('GroundTruthBucketName', `joined/date=${date}/`);
      const own = files.filter((file) => file.includes(world.modelId) && file.includes('attributed'));
      fact(own.length > 0, () => `none of ${files.length} files joins ${world.modelId}`);
    },
  },
};

/** Version 1, its reference window a table too large to be read in the call that registers it. */
export async function registerLarge(world: World): Promise<string> {
  await world.register();
  return addLarge(world, 'large');
}

async function addLarge({ customer, succeed, model, modelId, now }: World, name: string): Promise<string> {
  const window = await customer.upload(`${modelId}/${name}/reference.csv`, largeReference());
  const definition = await versionOf(customer, modelId, name, now());
  const referenceWindow = { ...Object(definition.referenceWindow), uri: window.uri };
  await succeed('POST', `${model}/versions`, { ...definition, referenceWindow });
  return window.uri;
}

export async function baselineStatus({ succeed, model }: World, version = 1): Promise<Body> {
  return Object((await succeed('GET', `${model}/versions/${version}`)).baselineStatus);
}

/** Two versions with embeddings; the second has those of the first, turned. Gives their URIs. */
export async function registerEmbeddings({ register, succeed, customer, model, modelId, now }: World) {
  await register();
  const uris: string[] = [];
  for (const [name, turn] of [
    ['first', false],
    ['second', true],
  ] as const) {
    const { uri } = await customer.upload(`${modelId}/${name}/embeddings.csv`, embeddingsOf(turn));
    const definition = await versionOf(customer, modelId, name, now());
    await succeed('POST', `${model}/versions`, { ...definition, embeddings: { uri, idColumn: 'id' } });
    uris.push(uri);
  }
  return uris;
}

async function embeddingVerdict({ succeed, model }: World): Promise<Body> {
  return Object(Object((await succeed('GET', `${model}/versions/2/embedding-stability`)).report).verdict);
}

const health: Readonly<Record<string, Behavior>> = {
  'mapping health/compare-embeddings': {
    name: 'embeddings that were turned are where they were, in other coordinates',
    async run(world) {
      await registerEmbeddings(world);
      await world.cloud.pump();
      const { intrinsic, coordinates } = await embeddingVerdict(world);
      equal(Object(intrinsic).kind, 'ok', 'the intrinsic verdict');
      equal(Object(coordinates).kind, 'breach', 'the verdict on coordinates');
    },
  },
  'GET /v1/models/{modelId}/versions/{version}/embedding-stability': {
    name: 'a version without embeddings says why it was not compared',
    async run({ register, addVersion, customer, model }) {
      await register();
      await addVersion('first');
      const { status, body } = await customer.call('GET', `${model}/versions/1/embedding-stability`);
      equal(status, 404, 'the status');
      equal(body.type, 'urn:runway:problem:no-embedding-stability', 'the type of the problem');
    },
  },
  'mapping health/build-baseline': {
    name: 'a large reference window gives its version a baseline after the registration',
    async run(world) {
      await registerLarge(world);
      await world.cloud.pump();
      equal((await baselineStatus(world)).status, 'ready', 'the status of the baseline');
      await world.succeed('POST', `${world.model}/versions/1/deployment`, {});
      // The next one is held against the baseline of the first that served.
      await addLarge(world, 'larger');
      await world.cloud.pump();
      equal((await baselineStatus(world, 2)).status, 'ready', 'the status of the second baseline');
    },
  },
  'mapping health/scan-models': {
    name: 'a shard of a scan is evaluated by whoever takes it',
    async run({ deploy, customer, cloud, succeed, model, modelId }) {
      await deploy();
      const now = cloud.now();
      await customer.send('ScanQueueUrl', { now, modelIds: [modelId] });
      await cloud.pump();
      const { items: evaluations } = await succeed('GET', `${model}/evaluations`);
      equal((evaluations as Body[]).at(0)?.evaluatedAt, now, 'the moment of the first evaluation');
    },
  },
  'GET /v1/teams/{team}/alert-budget': {
    name: 'a team that set no budget accepts one false alarm a week',
    async run({ succeed, modelId }) {
      equal((await succeed('GET', `/v1/teams/of-${modelId}/alert-budget`)).falseAlarmsPerWeek, 1, 'the budget');
    },
  },
  'PUT /v1/teams/{team}/alert-budget': {
    name: 'the budget of a team is what its members set',
    async run({ succeed, modelId }) {
      const path = `/v1/teams/of-${modelId}/alert-budget`;
      await succeed('PUT', path, { falseAlarmsPerWeek: 3 });
      equal((await succeed('GET', path)).falseAlarmsPerWeek, 3, 'the budget');
    },
  },
  'GET /v1/teams/{team}/policy-defaults': {
    name: 'a team that set no policy defaults has none',
    async run({ succeed, modelId }) {
      equal(
        Object.keys((await succeed('GET', `/v1/teams/of-${modelId}/policy-defaults`)).defaults as Body).length,
        0,
        'them',
      );
    },
  },
  'PUT /v1/teams/{team}/policy-defaults': {
    name: 'the policy defaults of a team are what its members set',
    async run({ succeed, modelId }) {
      const path = `/v1/teams/of-${modelId}/policy-defaults`;
      const set = await succeed('PUT', path, { retraining: { backstopDays: 14 } });
      equal(JSON.stringify(set.defaults), '{"retraining":{"backstopDays":14}}', 'the defaults');
    },
  },
  'GET /v1/fleet': {
    name: 'the fleet shows a model with its state',
    async run({ deploy, succeed, modelId }) {
      await deploy();
      const { items: rows } = await succeed('GET', `/v1/fleet?q=${modelId}&limit=200`);
      const row = (rows as Body[]).find((each) => each.modelId === modelId);
      equal(row?.champion, 1, 'the champion');
      equal(row?.verdict, 'unknown', 'the verdict');
    },
  },
  'GET /v1/models/{modelId}/timeline': {
    name: 'the health of a model can be followed over time',
    async run({ drift, succeed, model }) {
      await drift();
      const points = (await succeed('GET', `${model}/timeline?points=10`)).points as Body[];
      equal(points.at(-1)?.verdict, 'at-risk', 'the last verdict');
    },
  },
  'GET /v1/models/{modelId}/evaluations/{evaluationId}/replay': {
    name: 'a recorded evaluation can be made again, bit for bit',
    async run({ drift, succeed, model }) {
      await drift();
      const { items } = await succeed('GET', `${model}/evaluations`);
      const { evaluationId } = (items as Body[])[0]!;
      const { isIdentical } = await succeed('GET', `${model}/evaluations/${String(evaluationId)}/replay`);
      equal(isIdentical, true, 'whether the replayed evaluation is the recorded one');
    },
  },
  'POST /v1/models/{modelId}/backtests': {
    name: 'a policy can be tried on what was recorded',
    async run({ drift, succeed, model }) {
      await drift();
      const { policy } = await succeed('GET', model);
      const { current, candidate } = await succeed('POST', `${model}/backtests`, { policy });
      fact((Object(current).alerts as Body[]).length > 0, () => 'the current policy would not have alerted');
      equal(JSON.stringify(candidate), JSON.stringify(current), 'what the same policy would have done');
    },
  },
  'GET /v1/models/{modelId}/drift': {
    name: 'the distributions then and now can be compared',
    async run({ drift, succeed, model }) {
      await drift();
      const { features, reference } = await succeed('GET', `${model}/drift`);
      equal(Object(reference).n, 400, 'the rows of the reference');
      fact((features as Body[]).length > 0, () => 'no feature is shown');
    },
  },
  'POST /v1/models/{modelId}/evaluations': {
    name: 'a model can be evaluated now on every signal',
    async run({ deploy, succeed, model }) {
      await deploy();
      const { kind, signals } = await succeed('POST', `${model}/evaluations`, {});
      equal(kind, 'on-demand', 'the kind');
      const names = (signals as Body[]).map(({ name }) => name);
      for (const name of ['performance', 'dataDrift', 'predictionDrift', 'age'])
        fact(names.includes(name), () => `${name} is not among ${names}`);
    },
  },
  'GET /v1/models/{modelId}/evaluations': {
    name: 'an evaluation can be looked up later',
    async run({ deploy, succeed, model }) {
      await deploy();
      const { evaluationId } = await succeed('POST', `${model}/evaluations`, {});
      const page = await succeed('GET', `${model}/evaluations`);
      fact(
        items(page).some((evaluation) => evaluation.evaluationId === evaluationId),
        () => `${evaluationId} is not listed`,
      );
    },
  },
  'GET /v1/models/{modelId}/health': {
    name: 'a model that was never evaluated is unknown and says what is missing',
    async run({ deploy, succeed, model }) {
      await deploy();
      const { verdict, missing } = await succeed('GET', `${model}/health`);
      equal(verdict, 'unknown', 'the verdict');
      fact((missing as unknown[]).length > 0, () => 'nothing is said to be missing');
    },
  },
  'schedule health/scan-models': {
    name: 'a deployed model is evaluated without anyone asking',
    async run({ deploy, advance, succeed, model }) {
      await deploy();
      await advance(10);
      const evaluations = items(await succeed('GET', `${model}/evaluations`));
      fact(
        evaluations.some(({ kind }) => kind === 'scheduled'),
        () => `there are ${evaluations.length} evaluations`,
      );
    },
  },
};

/** A second model that consumes the first, known to the graph. */
async function addDependant({ register, succeed, cloud, modelId }: World): Promise<string> {
  await register();
  const dependant = `${modelId}-live`;
  await succeed('POST', '/v1/models', { ...definitionOf(dependant), upstreamModels: [modelId] });
  await cloud.pump();
  return dependant;
}

const uris = (answer: Body): string => show(items(answer).map(({ uri }) => uri));

async function rebuilt({ succeed, cloud }: World): Promise<Body> {
  const { rebuildId } = await succeed('POST', '/v1/graph/rebuilds');
  await cloud.pump();
  return succeed('GET', `/v1/graph/rebuilds/${rebuildId}`);
}

const graph: Readonly<Record<string, Behavior>> = {
  'PUT /v1/models/{modelId}/consumers': {
    name: 'a declared service is affected by its model',
    async run({ register, succeed, cloud, model }) {
      await register();
      await succeed('PUT', `${model}/consumers`, { consumers: [{ service: 'departures-board' }] });
      await cloud.pump();
      equal(uris(await succeed('GET', `${model}/impact`)), '["aip://service/registry/departures-board"]', 'the impact');
    },
  },
  'GET /v1/models/{modelId}/lineage': {
    name: 'a model shows the model it consumes',
    async run(world) {
      const dependant = await addDependant(world);
      const lineage = await world.succeed('GET', `/v1/models/${dependant}/lineage?types=model`);
      equal(uris(lineage), `["aip://model/registry/${world.modelId}"]`, 'the lineage');
    },
  },
  'GET /v1/models/{modelId}/impact': {
    name: 'a model shows the model that consumes it',
    async run(world) {
      const dependant = await addDependant(world);
      const impact = await world.succeed('GET', `${world.model}/impact?types=model`);
      equal(uris(impact), `["aip://model/registry/${dependant}"]`, 'the impact');
    },
  },
  'mapping graph/project-changes': {
    name: 'a dependency is known as soon as it is declared',
    async run(world) {
      await addDependant(world);
      equal(
        (await world.succeed('GET', `${world.model}/impact?types=model`)).total,
        1,
        'the number of models affected',
      );
    },
  },
  'schedule graph/project-changes': {
    name: 'what the graph has lost comes back without anyone asking',
    async run(world) {
      const dependant = await addDependant(world);
      await world.customer.forgetInGraph(`model#${dependant}`);
      await world.advance(61);
      equal(
        (await world.succeed('GET', `${world.model}/impact?types=model`)).total,
        1,
        'the number of models affected',
      );
    },
  },
  'schedule graph/compact-graph': {
    name: 'what the graph says is kept in a snapshot, of which the two newest remain',
    async run(world) {
      await addDependant(world);
      for (const service of ['board', 'desk', 'gate']) {
        await world.succeed('PUT', `${world.model}/consumers`, { consumers: [{ service }] });
        await world.cloud.pump();
        await world.advance(66);
      }
      const snapshots = await world.customer.objects('GraphBucketName', 'snapshots/graph-');
      equal(snapshots.length, 2, 'the number of snapshots');
      const [manifest = '{}'] = await world.customer.objects('GraphBucketName', 'snapshots/graph.json');
      fact(JSON.parse(manifest).change > 0, () => `the manifest says ${manifest}`);
    },
  },
  'POST /v1/graph/rebuilds': {
    name: 'the graph can be built again from the streams',
    async run(world) {
      await addDependant(world);
      equal((await rebuilt(world)).status, 'succeeded', 'the status');
    },
  },
  'GET /v1/graph/rebuilds/{rebuildId}': {
    name: 'a rebuild says how far it has come',
    async run(world) {
      await addDependant(world);
      const { models } = await rebuilt(world);
      fact(Number(models) >= 2, () => `${models} models were read`);
    },
  },
};

const retraining: Readonly<Record<string, Behavior>> = {
  'POST /v1/models/{modelId}/retrains': {
    name: 'a person can ask for a retrain',
    async run({ deploy, requestRetrain, succeed, model }) {
      await deploy();
      const { retrainId } = await requestRetrain();
      equal(items(await succeed('GET', `${model}/retrains`))[0]?.retrainId, retrainId, 'the newest retrain');
    },
  },
  'POST /v1/models/{modelId}/policy/dry-run': {
    name: 'a rule can be tried before it is in force',
    async run({ deploy, succeed, model }) {
      await deploy();
      const { policy } = await succeed('GET', model);
      const rules = [{ name: 'any', when: 'model.tier >= 1', then: 'nothing', priority: 1, reason: 'a trial' }];
      const body = { policy: { ...Object(policy), retraining: { ...Object(policy).retraining, rules } } };
      const { decision } = await succeed('POST', `${model}/policy/dry-run`, body);
      equal(Object(decision).matched[0]?.name, 'any', 'the rule that matched');
    },
  },
  'GET /v1/models/{modelId}/decisions': {
    name: 'what was decided is told in words, and made again',
    async run({ drift, succeed, model }) {
      await drift();
      const decided = items(await succeed('GET', `${model}/decisions`));
      fact(
        decided.some(({ words }) => String(words).startsWith('retrained because')),
        () => `no retrain is among ${show(decided.map(({ words }) => words))}`,
      );
      equal(Object(decided[0]?.replay).isIdentical, true, 'the replay');
    },
  },
  'GET /v1/models/{modelId}/retrains': {
    name: 'a retrain is listed with the reason it was asked for',
    async run({ deploy, requestRetrain, succeed, model }) {
      await deploy();
      await requestRetrain();
      const [retrain] = items(await succeed('GET', `${model}/retrains`));
      fact(show(retrain?.triggers).includes('a test asks for it'), () => `the triggers are ${show(retrain?.triggers)}`);
    },
  },
  'GET /v1/retraining-queue': {
    name: 'a running retrain is in the queue of all models',
    async run({ deploy, requestRetrain, succeed, modelId }) {
      await deploy();
      await requestRetrain();
      const page = await succeed('GET', '/v1/retraining-queue?status=running&limit=100');
      fact(
        items(page).some((retrain) => retrain.modelId === modelId),
        () => `${modelId} is not in ${show(page)}`,
      );
    },
  },
  'POST /v1/retraining-plans': {
    name: 'a plan names every model that consumes the promoted one, and why it does not retrain',
    async run(world) {
      const dependant = await addDependant(world);
      const { excluded } = await world.succeed('POST', '/v1/retraining-plans', { modelIds: [world.modelId] });
      equal(
        show((excluded as Body[]).map(({ modelId, reason }) => [modelId, reason])),
        `[["${dependant}","not-deployed"]]`,
        'what is excluded',
      );
    },
  },
  'GET /v1/runs/{runId}': {
    name: 'a trainer looks up the run it was asked for',
    async run({ deploy, requestRetrain, succeed, modelId }) {
      await deploy();
      const { runId } = await requestRetrain();
      const run = await succeed('GET', `/v1/runs/${runId}`);
      equal(run.modelId, modelId, 'the model');
      equal(run.status, 'running', 'the status');
    },
  },
  'POST /v1/retrains/{retrainId}/run': {
    name: 'a training that an operator started is the retrain’s',
    async run({ deploy, succeed, cloud, model }) {
      await deploy();
      const { retrainId } = await succeed('POST', `${model}/retrains`, { reason: 'a test asks for it' });
      const body = { connection: 'by-hand', pipeline: 'ranker-train', id: 'laptop-7', reason: 'Maestro is down' };
      equal((await succeed('POST', `/v1/retrains/${retrainId}/run`, body)).status, 'running', 'the status');
      await cloud.pump();
      await succeed('POST', `/v1/runs/${retrainId}-a1/completion`, { status: 'failed', error: 'no data' });
      await cloud.pump();
      const ended = await succeed('GET', `/v1/runs/${retrainId}-a1`);
      equal(ended.status, 'failed', 'the status in the end');
      equal(Object(ended.run).id, 'laptop-7', 'the run');
    },
  },
  'POST /v1/runs/{runId}/completion': {
    name: 'a run that failed ends its retrain and leaves the champion',
    async run({ deploy, requestRetrain, succeed, cloud, model }) {
      await deploy();
      const { runId } = await requestRetrain();
      await succeed('POST', `/v1/runs/${runId}/completion`, { status: 'failed', error: 'no data' });
      await cloud.pump();
      equal((await succeed('GET', `/v1/runs/${runId}`)).status, 'failed', 'the status');
      equal(Object((await succeed('GET', model)).champion).version, 1, 'the champion');
    },
  },
  'mapping registry/relay-events': {
    name: 'drift is acted on as soon as a scan has found it',
    async run({ drift, succeed, model }) {
      await drift();
      const [retrain] = items(await succeed('GET', `${model}/retrains`));
      equal(Object(retrain?.triggers)[0]?.cause, 'drift', 'the cause of the retrain');
    },
  },
  'mapping retraining/decide-retrains': {
    name: 'a model that has come at risk is retrained before the hourly look',
    async run({ drift, succeed, model }) {
      await drift();
      const { openRetrain } = await succeed('GET', model);
      equal(show(Object(openRetrain).causes), '["drift"]', 'the causes of the open retrain');
    },
  },
  'mapping retraining/dispatch-retrains': {
    name: 'a retrain reaches the trainer at once while a slot is free',
    async run({ deploy, requestRetrain, modelId }) {
      await deploy();
      equal((await requestRetrain()).modelId, modelId, 'the model of the training request');
    },
  },
  'schedule retraining/decide-retrains': {
    name: 'a model past its backstop is retrained though nothing happened to it',
    async run({ deploy, loosenPolicy, advance, succeed, model }) {
      await deploy();
      await loosenPolicy((policy) => ({ ...policy, retraining: { ...policy.retraining, backstopDays: 1 } }));
      await advance(61);
      const [retrain] = items(await succeed('GET', `${model}/retrains`));
      equal(Object(retrain?.triggers)[0]?.cause, 'schedule', 'the cause of the retrain');
    },
  },
  'schedule retraining/watch-runs': {
    name: 'whoever is on call is told that every orchestrator answers',
    async run({ deploy, advance, cloud }) {
      await deploy();
      await advance(61);
      const { alarms } = Object(await (await fetch(`${cloud.apiUrl}/_local/alarms`)).json()) as { alarms: Body[] };
      const circuit = alarms.find(({ description }) => String(description).startsWith('Orchestrator circuit open'));
      equal(circuit?.state, 'OK', 'the state of the alarm on open circuits');
    },
  },
};

const rollout: Readonly<Record<string, Behavior>> = {
  'GET /v1/models/{modelId}/rollouts': {
    name: 'a trained candidate is validated and begins its canary',
    async run({ startCanary }) {
      const { status, candidate } = await startCanary();
      equal(status, 'canary', 'the status');
      equal(candidate, 2, 'the candidate');
    },
  },
  'GET /v1/rollouts/{rolloutId}': {
    name: 'a rollout shows the paired evidence of its validation',
    async run({ startCanary, succeed }) {
      const { rolloutId } = await startCanary();
      const { validation } = await succeed('GET', `/v1/rollouts/${rolloutId}`);
      equal(Object(validation).verdict, 'pass', 'the verdict of the validation');
      equal(Object(validation).paired?.n, 400, 'the number of paired rows');
    },
  },
  'POST /v1/rollouts/{rolloutId}/abort': {
    name: 'an aborted rollout gives the champion all traffic back',
    async run({ startCanary, succeed, cloud, model }) {
      const { rolloutId } = await startCanary();
      await succeed('POST', `/v1/rollouts/${rolloutId}/abort`, { reason: 'a test ends it' });
      await cloud.pump();
      const { arms } = await succeed('GET', `${model}/routing`);
      equal(
        show((arms as Body[]).map(({ version, weightPercent }) => [version, weightPercent])),
        '[[1,100]]',
        'the routing',
      );
    },
  },
  'POST /v1/rollouts/{rolloutId}/pause': {
    name: 'a paused rollout says since when, by whom and why',
    async run({ startCanary, succeed }) {
      const { rolloutId } = await startCanary();
      const { pausedAt, pauses } = await succeed('POST', `/v1/rollouts/${rolloutId}/pause`, { reason: 'a storm' });
      const [pause] = pauses as Body[];
      equal(pausedAt, pause?.pausedAt, 'the moment of the pause');
      equal(pause?.reason, 'a storm', 'the reason');
    },
  },
  'POST /v1/rollouts/{rolloutId}/resumption': {
    name: 'a rollout that was paused before its canary begins it when it is resumed',
    async run({ awaitApproval, somebodyElse, succeed, cloud, rollout }) {
      const { rolloutId } = await awaitApproval();
      await succeed('POST', `/v1/rollouts/${rolloutId}/pause`, { reason: 'a storm' });
      const approval = `/v1/approvals/${rolloutId}-a1/decision`;
      await succeed('POST', approval, { decision: 'approve' }, await somebodyElse());
      await cloud.pump();
      equal((await rollout()).status, 'validating', 'the status of the paused rollout');
      await succeed('POST', `/v1/rollouts/${rolloutId}/resumption`, { reason: 'it is over' });
      await cloud.pump();
      equal((await rollout()).status, 'canary', 'the status of the resumed rollout');
    },
  },
  'POST /v1/rollouts/{rolloutId}/promotion': {
    name: 'an approver promotes now what no evidence has promoted yet',
    async run({ startCanary, somebodyElse, succeed, model }) {
      const { rolloutId } = await startCanary();
      const reason = { reason: 'the champion is broken' };
      await succeed('POST', `/v1/rollouts/${rolloutId}/promotion`, reason, await somebodyElse());
      const { champion } = await succeed('GET', model);
      equal(Object(champion).version, 2, 'the champion');
      const { arms } = await succeed('GET', `${model}/routing`);
      equal(Object((arms as Body[])[0]).weightPercent, 100, 'the weight of the only arm');
    },
  },
  'POST /v1/models/{modelId}/rollbacks': {
    name: 'a promoted version that is taken back leaves all traffic to the former champion',
    async run({ startCanary, somebodyElse, succeed, model }) {
      const { rolloutId } = await startCanary();
      const reason = { reason: 'a test asks for it' };
      await succeed('POST', `/v1/rollouts/${rolloutId}/promotion`, reason, await somebodyElse());
      const { restored, plan } = await succeed('POST', `${model}/rollbacks`, { version: 2, ...reason });
      equal(restored, 1, 'the restored version');
      equal(show(Object(plan).retrains), '[]', 'what would retrain');
      const { arms } = await succeed('GET', `${model}/routing`);
      equal(show((arms as Body[]).map(({ version }) => version)), '[1]', 'the versions that serve');
    },
  },
  'GET /v1/approvals': {
    name: 'an approver finds what waits for a decision',
    async run({ awaitApproval, succeed }) {
      const { rolloutId } = await awaitApproval();
      const page = await succeed('GET', '/v1/approvals?limit=100');
      fact(
        items(page).some((approval) => approval.rolloutId === rolloutId),
        () => `${show(rolloutId)} is not among ${show(page)}`,
      );
    },
  },
  'GET /v1/approvals/{approvalId}': {
    name: 'an approval says what it rests on and who asked for it',
    async run({ awaitApproval, succeed }) {
      const { rolloutId } = await awaitApproval();
      const { percent, requestedBy, evidence } = await succeed('GET', `/v1/approvals/${rolloutId}-a1`);
      equal(percent, 5, 'the percentage');
      equal(show(requestedBy), '["customer"]', 'who asked for it');
      equal(Object(evidence).verdict, 'pass', 'the verdict');
    },
  },
  'POST /v1/approvals/{approvalId}/decision': {
    name: 'a canary begins when somebody else than who asked for it approves it',
    async run({ awaitApproval, somebodyElse, succeed, customer, cloud, rollout }) {
      const { rolloutId } = await awaitApproval();
      const path = `/v1/approvals/${rolloutId}-a1/decision`;
      const own = await customer.call('POST', path, { decision: 'approve' });
      equal(own.status, 403, 'the answer to whoever asked for it');
      await succeed('POST', path, { decision: 'approve', comment: 'seen' }, await somebodyElse());
      await cloud.pump();
      equal((await rollout()).status, 'canary', 'the status');
    },
  },
  'POST /v1/approvals/{approvalId}/delegation': {
    name: 'whom an approval is delegated to finds and decides it',
    async run({ awaitApproval, somebodyElse, succeed, cloud, rollout }) {
      const { rolloutId } = await awaitApproval();
      const path = `/v1/approvals/${rolloutId}-a1`;
      await succeed('POST', `${path}/delegation`, { to: 'bob' }, await somebodyElse());
      const bob = { authorization: `Bearer ${await cloud.token({ sub: 'bob', groups: ['viewer'] })}` };
      const page = await succeed('GET', '/v1/approvals', undefined, bob);
      equal(items(page).length, 1, 'the number of approvals in the inbox');
      await succeed('POST', `${path}/decision`, { decision: 'approve' }, bob);
      await cloud.pump();
      equal((await rollout()).status, 'canary', 'the status');
    },
  },
  'POST /v1/load-probes/{probeId}/result': {
    name: 'a candidate gets traffic once its consumer says that it loads',
    async run({ awaitProbe, rollout, succeed, advance }) {
      const { probeId, artifactDigest } = await awaitProbe();
      equal((await rollout()).status, 'validating', 'the rollout before the answer');
      await succeed('POST', `/v1/load-probes/${probeId}/result`, { loaded: true, artifactDigest });
      await advance(1);
      equal((await rollout()).status, 'canary', 'the rollout after the answer');
    },
  },
  'GET /v1/models/{modelId}/routing': {
    name: 'a canary serves its share and is scored in shadow on the rest',
    async run({ startCanary, succeed, model }) {
      await startCanary();
      const { arms, shadows } = await succeed('GET', `${model}/routing`);
      const shares = (arms as Body[]).map(({ version, weightPercent }) => [version, weightPercent]);
      equal(show(shares.toSorted()), '[[1,95],[2,5]]', 'the routing');
      fact((shadows as unknown[]).length > 0, () => 'nothing is scored in shadow');
    },
  },
};

/** By key of `mutantsOf`: each route, mapping and schedule of the template has one. */
export const behaviors: Readonly<Record<string, Behavior>> = {
  ...registry,
  ...writers,
  ...graph,
  ...entities,
  ...enrichment,
  ...searching,
  ...graphql,
  ...providers,
  ...groundTruth,
  ...health,
  ...retraining,
  ...cascades,
  ...rollout,
  ...lineage,
  ...notifications,
  ...triggers,
};
