import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoJoinBuffer } from '../../shared/adapters/dynamodb/dynamo-join-buffer.ts';
import { createMemoryArtifactStore } from '../../shared/adapters/memory/memory-artifact-store.ts';
import { createMemoryBaselineQueue } from '../../shared/adapters/memory/memory-baseline-queue.ts';
import { createMemoryRoutingPublisher } from '../../shared/adapters/memory/memory-routing-publisher.ts';
import { createMemoryWorkflowEngine } from '../../shared/adapters/memory/memory-workflow-engine.ts';
import { createReferenceFiles } from '../../shared/adapters/tables/reference-files.ts';
import { systemActor } from '../../shared/domain/actor.ts';
import { buildBaseline } from '../../shared/domain/health/build-baseline.ts';
import { dayMillis, toInstant, toMillis } from '../../shared/domain/time.ts';
import { deployVersion } from '../../shared/use-cases/registry/deploy-version.ts';
import { registerModel } from '../../shared/use-cases/registry/register-model.ts';
import { type RegisterVersionPorts, registerVersion } from '../../shared/use-cases/registry/register-version.ts';
import { createHours, type History, rowsOf, writeHistory } from './fleet-history.ts';
import { fleetModels, type SeededModel } from './fleet-models.ts';

/** Where a running cloud is found: `cloud.outputs` and `cloud.sdkEnvironment()`, or what `/_local/status` says. */
export type SeedPlace = {
  readonly outputs: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
};

export type SeedOptions = {
  readonly models: number;
  /** The cloud's now, ISO-8601. */
  readonly now: string;
  /** @default 30 */
  readonly teams?: number;
  /** Of each model. @default 10 */
  readonly features?: number;
  /** How long the champions have served. @default 10 */
  readonly deployedDaysAgo?: number;
  /** Traffic of the past, for evaluations with something to say. @default none */
  readonly history?: History;
};

const actor = systemActor('seed');
/** Spread over the days before the deployment, so that a model's blocks show how they differ. */
const referenceRows = 1_200;
const referenceDays = 21;
/** Both cores have something to do, and no table waits for a lock longer than it must. */
const concurrentModels = 12;

/**
 * Registers models with a deployed champion each, and what they are said to have predicted: with the use cases that the
 * API calls, but without its HTTP, because that takes minutes for 500 models and cannot deploy in the past. Registering
 * what is there already throws `AlreadyExists`.
 */
export async function seedFleet(place: SeedPlace, options: SeedOptions): Promise<readonly SeededModel[]> {
  const { teams = 30, features = 10, deployedDaysAgo = 10, history } = options;
  const models = fleetModels(options.models, { teams, features });
  const now = toMillis(options.now);
  const clients = createClients(place);
  const { events, baselines, buffer } = clients;
  const queue = createMemoryBaselineQueue();
  const { artifacts, urisOf } = await createArtifacts(place, clients.s3, {
    features,
    end: now - (deployedDaysAgo + 1) * dayMillis,
  });
  const canonical = { modelId: 'f', version: 1, taskType: 'binary', from: '', to: '' } as const;
  const named = Array.from({ length: features }, (_, j) => ({
    name: `f${j}`,
    type: 'numeric' as const,
    required: true,
    importance: 1,
  }));
  const baseline = buildBaseline({ ...canonical, features: named, rows: rowsOf(referenceRows, features) });
  const hourOfStory = createHours(baseline, features, history?.rowsPerHour ?? 1);
  const deployedAt = toInstant(now - deployedDaysAgo * dayMillis);
  // Whoever is consumed comes first, so models are registered in their order.
  for (const { definition } of models) await registerModel(events, { definition, actor, now: deployedAt });
  await eachOf(models, async (model) => {
    await deployFirst({ events, baselines, artifacts, files: createReferenceFiles(artifacts), queue }, model, {
      ...urisOf(model),
      deployedAt,
    });
    if (history !== undefined) await writeHistory(buffer, model, { ...history, now, hourOfStory });
  });
  clients.close();
  return models;
}

async function deployFirst(
  ports: RegisterVersionPorts,
  { modelId }: SeededModel,
  {
    uri,
    digest,
    referenceUri,
    deployedAt,
  }: { readonly uri: string; readonly digest: string; readonly referenceUri: string; readonly deployedAt: string },
): Promise<void> {
  const trainingDataEnd = toInstant(toMillis(deployedAt) - dayMillis);
  const definition = {
    artifactUri: uri,
    artifactDigest: digest,
    environmentLockDigest: digest,
    trainingRun: 'seed',
    datasetVersions: [{ dataset: 'seed', version: '1' }],
    trainingDataEnd,
    codeLink: 'https://example.com/seed',
    offlineMetrics: {},
    referenceWindow: {
      uri: referenceUri,
      from: toInstant(toMillis(trainingDataEnd) - referenceDays * dayMillis),
      to: trainingDataEnd,
    },
  };
  await registerVersion(ports, { modelId, definition, actor, now: deployedAt });
  const rollouts = { routing: createMemoryRoutingPublisher(), workflows: createMemoryWorkflowEngine() };
  await deployVersion({ ...ports, ...rollouts }, { modelId, version: 1, actor, reason: 'seeded', now: deployedAt });
}

/** One artefact for all, in the bucket and at hand; a reference window for each set of feature names, at hand only. */
async function createArtifacts(
  { outputs }: SeedPlace,
  s3: S3Client,
  { features, end }: { readonly features: number; readonly end: number },
) {
  const artifacts = createMemoryArtifactStore();
  const Bucket = outputs.ArtifactBucketName ?? '';
  const content = JSON.stringify({ kind: 'seed' });
  const uri = `s3://${Bucket || 'nowhere'}/seed/model.json`;
  await artifacts.put(uri, content);
  // A bench brings tables only.
  if (Bucket !== '') await s3.send(new PutObjectCommand({ Bucket, Key: 'seed/model.json', Body: content }));
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const text = rowsOf(referenceRows, features)
    .map((row, i) => {
      const predictedAt = toInstant(end - (referenceRows - i) * ((referenceDays * dayMillis) / referenceRows));
      return JSON.stringify({ ...row, predictedAt });
    })
    .join('\n');
  const source = async (asked: string) => {
    const names = asked.split('#')[1]?.split(',') ?? [];
    await artifacts.put(
      asked,
      text.replace(/"f(\d+)":/g, (_, j: string) => `"${names[Number(j)]}":`),
    );
    return artifacts.source(asked);
  };
  const urisOf = ({ definition }: SeededModel) => ({
    uri,
    digest,
    referenceUri: `s3://${Bucket || 'nowhere'}/seed/reference.ndjson#${definition.features.map(({ name }) => name).join(',')}`,
  });
  return { artifacts: { ...artifacts, source }, urisOf };
}

function createClients({ outputs, environment }: SeedPlace) {
  const at = (service: string) => ({
    region: environment.AWS_REGION ?? 'us-east-1',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? 'customer',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? 'local',
    },
    endpoint: environment[`AWS_ENDPOINT_URL_${service}`] ?? '',
  });
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(at('DYNAMODB')), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const s3 = new S3Client({ ...at('S3'), forcePathStyle: true });
  const table = (name: string) => ({ client, tableName: outputs[name] ?? '' });
  return {
    s3,
    events: createDynamoEventStore(table('EventsTableName')),
    baselines: createDynamoBaselineStore(table('HealthTableName')),
    buffer: createDynamoJoinBuffer(table('GroundTruthTableName')),
    close: () => {
      client.destroy();
      s3.destroy();
    },
  };
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: concurrentModels }, worker));
}
