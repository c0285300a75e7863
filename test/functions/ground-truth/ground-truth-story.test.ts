import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryArtifactStore } from '../../../shared/adapters/memory/memory-artifact-store.ts';
import { createMemoryBaselineQueue } from '../../../shared/adapters/memory/memory-baseline-queue.ts';
import { createReferenceFiles } from '../../../shared/adapters/tables/reference-files.ts';
import { operations } from '../../../shared/api/openapi.ts';
import { pack } from '../../../shared/domain/ground-truth/wire-format.ts';
import { writerKey } from '../../../shared/domain/ground-truth/writer-key.ts';
import type { OperationId } from '../../../shared/routes.ts';
import { issueWriterKey } from '../../../shared/use-cases/registry/issue-writer-key.ts';
import { registerModel } from '../../../shared/use-cases/registry/register-model.ts';
import { registerVersion } from '../../../shared/use-cases/registry/register-version.ts';
import { definition } from '../../unit/registry/model-story.ts';
import { ada, trained } from '../../unit/registry/registry-world.ts';
import { context, type GivenRequest, httpEvent, receivedAt } from '../../unit/runtime/http-event.ts';
import { type Engines, rootSecret, startEngines } from './engines.ts';

// The functions as they are deployed, on the real engines: each answer must fit what the API document promises.
let engines: Engines;

beforeAll(async () => {
  engines = await startEngines();
  const artifacts = createMemoryArtifactStore();
  const registry = {
    events: engines.events,
    baselines: engines.baselines,
    artifacts,
    files: createReferenceFiles(artifacts),
    queue: createMemoryBaselineQueue(),
  };
  await registerModel(engines.events, { definition, actor: ada, now: receivedAt });
  const hotels = { ...definition, name: 'occupancy', team: 'hotels' };
  await registerModel(engines.events, { definition: hotels, actor: { ...ada, teams: ['hotels'] }, now: receivedAt });
  const rootOfKeys = { events: engines.events, rootSecret: { read: async () => rootSecret } };
  await issueWriterKey(
    rootOfKeys,
    { writer: 'flights/gate', scopes: ['predictions', 'outcomes'] },
    { actor: ada, now: receivedAt, reason: 'writes for the story' },
  );
  for (const run of ['run-1', 'run-2']) {
    const version = await trained({ artifacts }, run);
    await registerVersion(registry, { modelId: 'late-basic', definition: version, actor: ada, now: receivedAt });
  }
});
afterAll(() => engines.stop());

const functions = {
  postPredictions: () => import('../../../functions/ground-truth/ingest-predictions.ts'),
  postOutcomes: () => import('../../../functions/ground-truth/ingest-outcomes.ts'),
  getPerformance: () => import('../../../functions/ground-truth/get-performance.ts'),
  getPairedPerformance: () => import('../../../functions/ground-truth/get-paired-performance.ts'),
} satisfies Partial<Record<OperationId, unknown>>;

async function call(id: keyof typeof functions, given: GivenRequest) {
  const { handler } = await functions[id]();
  const { statusCode = 0, body = '' } = await handler(httpEvent(given), context);
  const answer = { status: statusCode, body: JSON.parse(body) };
  if (statusCode < 300) expect(operations.get(id)!.response.safeParse(answer.body)).toMatchObject({ success: true });
  return answer;
}

/** Hands everything new on the stream to the consumer. */
async function consume() {
  const { handler } = await import('../../../functions/ground-truth/join-events.ts');
  return handler(await engines.arrivals());
}

const writers = '[prediction-writer:flights label-writer:flights]';
const model = { params: { modelId: 'late-basic' } };
const day = { from: '2001-01-22T00:00:00Z', to: '2001-01-23T00:00:00Z', bucket: 'all' };

function prediction(predictionId: string, change: object = {}) {
  const features = { hour: '6', distance: 733 };
  const served = { modelId: 'late-basic', modelVersion: 1, predictedAt: receivedAt, features, score: 0.25 };
  return { predictionId, ...served, shadows: [{ modelVersion: 2, score: 0.75 }], ...change };
}

function outcome(predictionId: string, change: object = {}) {
  const observedAt = '2001-01-22T06:04:00.000Z';
  return { predictionId, modelId: 'late-basic', predictedAt: receivedAt, observedAt, label: 1, ...change };
}

describe('predictions and outcomes over HTTP', () => {
  it('become performance once the stream was consumed, and are counted once', async () => {
    const predictions = [prediction('h1'), prediction('h2'), prediction('h3', { score: 7 })];
    const headers = { 'idempotency-key': 'batch-1' };
    const accepted = await call('postPredictions', { groups: writers, body: { predictions }, headers });
    expect(accepted).toMatchObject({
      status: 202,
      body: { accepted: 2, rejected: [{ index: 2, field: '/predictions/2/score', code: 'score-out-of-range' }] },
    });
    const again = await call('postPredictions', { groups: writers, body: { predictions }, headers });
    expect(again).toEqual(accepted);
    const outcomes = [outcome('h1'), outcome('h2', { label: 0, predictedAt: undefined })];
    expect(await call('postOutcomes', { groups: writers, body: { outcomes } })).toMatchObject({
      status: 202,
      body: { accepted: 2, rejected: [] },
    });
    const arrived = await engines.arrivals();
    const { handler } = await import('../../../functions/ground-truth/join-events.ts');
    expect(await handler(arrived)).toEqual({ batchItemFailures: [] });
    expect(await handler(arrived)).toEqual({ batchItemFailures: [] });

    expect(await call('getPerformance', { ...model, query: { ...day, version: '1' } })).toMatchObject({
      status: 200,
      body: { version: 1, points: [{ n: 2, predictions: 2, metrics: { baseRate: 0.5, meanScore: 0.25 } }] },
    });
    expect(await call('getPairedPerformance', { ...model, query: { ...day, older: '1', newer: '2' } })).toMatchObject({
      status: 200,
      body: { points: [{ n: 2 }] },
    });
  });

  it('are told what the join knows already', async () => {
    const predictions = [prediction('k1')];
    await call('postPredictions', { groups: writers, body: { predictions } });
    await call('postOutcomes', { groups: writers, body: { outcomes: [outcome('k1')] } });
    await consume();
    const outcomes = [outcome('k1'), outcome('k1', { label: 0 })];
    expect(await call('postOutcomes', { groups: writers, body: { outcomes } })).toMatchObject({
      status: 422,
      body: {
        type: 'urn:runway:problem:all-rejected',
        errors: [
          { field: '/outcomes/0/predictionId', code: 'duplicate-outcome' },
          { field: '/outcomes/1/label', code: 'conflicting-outcome' },
        ],
      },
    });
  });

  it.each([
    ['nobody with a writer role', { groups: '[viewer]' }, 403, 'not-authorized'],
    ['a writer of labels only', { groups: '[label-writer:flights]' }, 403, 'not-authorized'],
    ["another team's writer", { groups: '[prediction-writer:hotels]' }, 403, 'not-authorized'],
    ['malformed JSON', { body: '{"predictions":[' }, 400, 'malformed-json'],
    ['another content type', { headers: { 'content-type': 'text/csv' } }, 415, 'unsupported-content-type'],
    ['more than a megabyte', { body: { predictions: ['x'.repeat(1_048_576)] } }, 413, 'payload-too-large'],
    ['an empty batch', { body: { predictions: [] } }, 422, 'invalid-request'],
    ['another field', { body: { items: [] } }, 422, 'invalid-request'],
    ['an unknown model', { body: { predictions: [prediction('x', { modelId: 'early' })] } }, 422, 'all-rejected'],
  ])('from or with %s are refused', async (_case, change, status, code) => {
    const given = { groups: writers, body: { predictions: [prediction('x')] }, ...change };
    expect(await call('postPredictions', given)).toMatchObject({
      status,
      body: { type: `urn:runway:problem:${code}` },
    });
    expect((await engines.arrivals()).Records).toEqual([]);
  });
});

describe('records put on the stream directly', () => {
  const options = {
    writer: 'flights/gate',
    key: writerKey(rootSecret, 'flights/gate'),
    modelId: 'late-basic',
    bucket: 0,
  };
  const packed = (events: Parameters<typeof pack>[0], change: object = {}) =>
    pack(events, { ...options, ...change })[0]!;
  const good = (id: string) =>
    packed([{ kind: 'prediction', record: prediction(id, { predictedAt: '2001-01-22T06:01:00Z' }) }]);

  it('are joined; poison among them goes to the failure bucket and blocks nobody', async () => {
    await engines.putRecord('late-basic:0', good('s1'));
    await engines.putRecord('late-basic:0', Buffer.from('noise'));
    await engines.putRecord(
      'late-basic:0',
      packed([{ kind: 'outcome', record: outcome('s1') }], { key: 'ab'.repeat(32) }),
    );
    const mixed = [
      { kind: 'outcome', record: outcome('s1', { label: 3 }) },
      { kind: 'outcome', record: outcome('s1') },
    ] as const;
    await engines.putRecord('late-basic:0', packed(mixed));
    await engines.putRecord('occupancy:0', packed(mixed, { modelId: 'occupancy' }));
    await engines.putRecord('late-basic:0', good('s2'));
    expect(await consume()).toEqual({ batchItemFailures: [] });

    const failures = await engines.failures();
    const causes = [...failures.values()].map(({ cause }) => Reflect.get(Object(cause), 'code'));
    expect(causes.sort()).toEqual(['header-missing', 'invalid-lines', 'wrong-signature', 'wrong-team']);
    expect(
      [...failures.keys()].every((key) => /^poison\/ground-truth-join-events\/2001-01-22\/\d+\.json$/.test(key)),
    ).toBe(true);
    const window = { from: '2001-01-22T06:00:00Z', to: '2001-01-22T06:05:00Z', bucket: '5m', version: '1' };
    const { body } = await call('getPerformance', { ...model, query: window });
    expect(body.points).toMatchObject([{ n: 4, predictions: 5 }]);
  });
});

describe('performance', () => {
  it.each([
    ['for an unknown model', { params: { modelId: 'early' }, query: day }, 404, 'unknown-model'],
    ['before a version serves, unless one is named', { ...model, query: day }, 404, 'no-champion'],
    [
      'for a window within an hour',
      { ...model, query: { ...day, from: '2001-01-22T00:30:00Z' } },
      422,
      'invalid-request',
    ],
    ['for another bucket', { ...model, query: { ...day, bucket: '2h' } }, 422, 'invalid-request'],
    ['by a service', { ...model, query: day, groups: '[trainer:flights]' }, 403, 'not-authorized'],
  ])('asked %s is refused', async (_case, given, status, code) => {
    expect(await call('getPerformance', given)).toMatchObject({ status, body: { type: `urn:runway:problem:${code}` } });
  });
});
