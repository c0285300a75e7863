import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3 } from '../../../local/engines/s3.ts';
import { createMemoryArtifactStore } from '../../../shared/adapters/memory/memory-artifact-store.ts';
import { operations } from '../../../shared/api/openapi.ts';
import type { OperationId } from '../../../shared/routes.ts';
import { type Dynoxide, eventsTable, keyedTable, startDynoxide } from '../../contracts/dynoxide.ts';
import { definition, policy } from '../../unit/registry/model-story.ts';
import { trained } from '../../unit/registry/registry-world.ts';
import { context, type GivenRequest, httpEvent } from '../../unit/runtime/http-event.ts';

// The functions as they are deployed, on the real engines: each answer must fit what the API document promises.
const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-registry-'));
let dynoxide: Dynoxide;
let objects: Awaited<ReturnType<typeof startS3>>;
let s3: S3Client;
const environment: Record<string, string> = {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  EVENTS_TABLE: 'Events',
  HEALTH_TABLE: 'Health',
  IDEMPOTENCY_TABLE: 'Idempotency',
  ARTIFACT_BUCKET: 'artifacts',
  ROUTING_BUCKET: 'routing',
  ROUTING_CONNECTIONS: '{}',
  ROLLOUT_WORKFLOW_ARN: 'arn:aws:states:eu-west-1:000000000000:stateMachine:rollout',
  // Only a large reference window asks it.
  BASELINE_QUEUE_URL: 'http://127.0.0.1:9/baselines',
};
const before = { ...process.env };

beforeAll(async () => {
  dynoxide = await startDynoxide();
  objects = await startS3({ dataDir });
  await dynoxide.createTable(eventsTable('Events'));
  const { GlobalSecondaryIndexes: _, ...plain } = eventsTable('Health');
  await dynoxide.createTable({ ...plain, AttributeDefinitions: plain.AttributeDefinitions!.slice(0, 2) });
  await dynoxide.createTable(keyedTable('Idempotency'));
  Object.assign(process.env, environment, {
    AWS_ENDPOINT_URL_DYNAMODB: dynoxide.endpoint,
    AWS_ENDPOINT_URL_S3: objects.endpoint,
  });
  s3 = new S3Client({ forcePathStyle: true });
  for (const Bucket of ['artifacts', 'routing']) await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  s3.destroy();
  await objects.stop();
  await dynoxide.stop();
  rmSync(dataDir, { recursive: true });
});

const functions = {
  registerModel: () => import('../../../functions/registry/register-model.ts'),
  listModels: () => import('../../../functions/registry/list-models.ts'),
  getModel: () => import('../../../functions/registry/get-model.ts'),
  changeLifecycle: () => import('../../../functions/registry/change-lifecycle.ts'),
  changePolicy: () => import('../../../functions/registry/change-policy.ts'),
  getHistory: () => import('../../../functions/registry/get-history.ts'),
  registerVersion: () => import('../../../functions/registry/register-version.ts'),
  listVersions: () => import('../../../functions/registry/list-versions.ts'),
  getVersion: () => import('../../../functions/registry/get-version.ts'),
  deployVersion: () => import('../../../functions/registry/deploy-version.ts'),
  getOpenApi: () => import('../../../functions/registry/get-openapi.ts'),
} satisfies Partial<Record<OperationId, unknown>>;

async function call(id: keyof typeof functions, given: GivenRequest = {}) {
  const { handler } = await functions[id]();
  const { statusCode = 0, headers = {}, body = '' } = await handler(httpEvent(given), context);
  const answer = { status: statusCode, etag: headers.etag, body: JSON.parse(body) };
  if (statusCode < 300) expect(operations.get(id)!.response.safeParse(answer.body)).toMatchObject({ success: true });
  return answer;
}

const model = { params: { modelId: 'late-basic' } };
const versionOne = { params: { modelId: 'late-basic', version: '1' } };

/** Puts what a training run made into the artefact bucket; gives the body that registers it. */
async function run(trainingRun: string) {
  const memory = createMemoryArtifactStore();
  const put = async (uri: string, content: string | Uint8Array) => {
    await memory.put(uri, content);
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: content }));
  };
  return trained({ artifacts: { ...memory, put } }, trainingRun);
}

describe('a model’s way from registration to retirement', () => {
  it('is served, step by step, as the API document says', async () => {
    const headers = { 'idempotency-key': 'first' };
    expect(await call('registerModel', { body: definition, headers })).toMatchObject({
      status: 201,
      etag: '"1"',
      body: { modelId: 'late-basic', lifecycle: 'registered' },
    });
    expect(await call('registerModel', { body: definition, headers })).toMatchObject({ status: 201, etag: '"1"' });
    expect(await call('registerModel', { body: definition })).toMatchObject({
      status: 409,
      body: { type: 'urn:runway:problem:model-exists' },
    });
    expect(await call('registerModel', { body: { ...definition, tier: 1 }, headers })).toMatchObject({
      status: 422,
      body: { type: 'urn:runway:problem:idempotency-key-reused' },
    });

    const body = await run('run-1');
    expect(await call('registerVersion', { ...model, body })).toMatchObject({
      status: 201,
      body: { version: 1, status: 'registered' },
    });
    expect(await call('registerVersion', { ...model, body })).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await call('getVersion', versionOne)).toMatchObject({
      status: 200,
      body: { trainingRun: 'run-1', baseline: { n: 200 } },
    });
    expect(await call('listVersions', model)).toMatchObject({ status: 200, body: { items: [{ version: 1 }] } });

    expect(await call('deployVersion', versionOne)).toMatchObject({
      status: 201,
      body: { result: 'champion', version: 1 },
    });
    const published = await s3.send(new GetObjectCommand({ Bucket: 'routing', Key: 'routing/late-basic.json' }));
    expect(JSON.parse(await published.Body!.transformToString())).toMatchObject({
      generation: 1,
      arms: [{ version: 1, weightPercent: 100 }],
    });

    const { etag } = await call('getModel', model);
    const looser = { ...policy, windowDays: 14 };
    const ifMatch = { 'if-match': String(etag) };
    expect(await call('changePolicy', { ...model, body: looser, headers: ifMatch })).toMatchObject({
      status: 200,
      etag: '"4"',
      body: { policyVersion: 2, policy: { windowDays: 14 } },
    });
    expect(await call('changePolicy', { ...model, body: policy, headers: ifMatch })).toMatchObject({
      status: 412,
      body: { type: 'urn:runway:problem:precondition-failed' },
    });

    expect(await call('changeLifecycle', { ...model, body: { to: 'deprecated', reason: 'replaced' } })).toMatchObject({
      status: 200,
      body: { lifecycle: 'deprecated' },
    });
    expect(await call('changeLifecycle', { ...model, body: { to: 'deprecated', reason: 'again' } })).toMatchObject({
      status: 409,
      body: { type: 'urn:runway:problem:illegal-transition' },
    });
    expect(await call('changeLifecycle', { ...model, body: { to: 'retired', reason: 'gone' } })).toMatchObject({
      status: 200,
      body: { lifecycle: 'retired' },
    });

    const { body: history } = await call('getHistory', model);
    expect(
      history.items.flatMap(({ events }: { events: { type: string }[] }) => events.map(({ type }) => type)),
    ).toEqual([
      'ModelRegistered',
      'VersionAdded',
      'ChampionDeployed',
      'PolicyChanged',
      'ModelDeprecated',
      'ModelRetired',
    ]);
    expect(await call('listModels', { query: { team: 'flights' } })).toMatchObject({
      status: 200,
      body: { items: [{ modelId: 'late-basic', lifecycle: 'retired' }] },
    });
  });

  it('is closed to whoever may not walk it', async () => {
    expect(
      await call('changeLifecycle', { ...model, groups: '[editor:search]', body: { to: 'retired', reason: 'mine' } }),
    ).toMatchObject({ status: 403 });
    expect(await call('getModel', { ...model, claims: { sub: 'nobody' } })).toMatchObject({ status: 403 });
    expect(await call('changePolicy', { params: { modelId: 'gone' }, body: policy })).toMatchObject({
      status: 404,
      body: { type: 'urn:runway:problem:unknown-model' },
    });
  });

  it('is documented for everyone', async () => {
    expect(await call('getOpenApi', { claims: {} })).toMatchObject({ status: 200, body: { openapi: '3.1.0' } });
  });
});
