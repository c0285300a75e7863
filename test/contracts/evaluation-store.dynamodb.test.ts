import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDynamoEvaluationHistory } from '../../shared/adapters/dynamodb/dynamo-evaluation-history.ts';
import {
  createDynamoEvaluationStore,
  createGatheringEvaluationStore,
} from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import type { Evaluation } from '../../shared/domain/health/evaluation.ts';
import { defaultPolicy } from '../../shared/domain/registry/policy.ts';
import type { EvaluationStore } from '../../shared/ports/evaluation-store.ts';
import { evaluateOnSchedule } from '../../shared/use-cases/health/evaluate-model.ts';
import { replayEvaluation } from '../../shared/use-cases/health/replay-evaluation.ts';
import { hoursOf, modelId } from '../unit/health/late-flights.ts';
import { givenServingModel } from '../unit/health/serving-model.ts';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { evaluationStoreContract } from './evaluation-store.contract.ts';
import { healthTable } from './evaluation-store.health-table.ts';

describe('evaluation store on DynamoDB', () => {
  let engine: Dynoxide;
  let store: EvaluationStore;
  beforeAll(async () => {
    engine = await startDynoxide();
    await engine.createTable(healthTable('Health'));
    store = createDynamoEvaluationStore({ client: engine.client, tableName: 'Health' });
  });
  afterAll(() => engine.stop());

  evaluationStoreContract(() => store);

  it('keeps what an evaluation was made from, merged counts too', async () => {
    const history = createDynamoEvaluationHistory({ client: engine.client, tableName: 'Health' });
    const world = await givenServingModel();
    world.hours.push(...hoursOf('2001-01-22T06:00:00.000Z', '2001-01-30T00:00:00.000Z'));
    const recording = { ...world, evaluations: store, history };
    const evaluation = await evaluateOnSchedule(recording, modelId, '2001-01-30T00:00:00.000Z');
    const { evaluationId } = evaluation;
    expect(await replayEvaluation(recording, { modelId, evaluationId })).toMatchObject({
      isIdentical: true,
      replayed: evaluation,
    });
    expect(await history.read(modelId, ['2001-01-29T00:00:00.000Z', evaluation.evaluatedAt])).toHaveLength(1);
    expect((await store.list(modelId, { limit: 5 })).items).toEqual([evaluation]);
  });
});

describe('what DynamoDB may answer to a put', () => {
  const put = (error: unknown) => {
    const send = (command: object) => (command instanceof GetCommand ? Promise.resolve({}) : Promise.reject(error));
    const client = { send };
    // Only `send` is ever called.
    const store = createDynamoEvaluationStore({ client: client as unknown as Dynoxide['client'], tableName: 'Health' });
    return store.put(evaluationOf('late'));
  };

  it.each(['TransactionConflict', 'ThrottlingError'])('%s may be tried again', async (Code) => {
    const error = new TransactionCanceledException({
      message: 'cancelled',
      $metadata: {},
      CancellationReasons: [{ Code }, { Code: 'None' }],
    });
    await expect(put(error)).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  });

  it('a mistake of ours goes through as it is', async () => {
    const error = Object.assign(new Error('no such table'), { name: 'ResourceNotFoundException' });
    await expect(put(error)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

function evaluationOf(ofModel: string, summary = ''): Evaluation {
  return {
    evaluationId: `${ofModel}-1`,
    modelId: ofModel,
    version: 1,
    evaluatedAt: '2001-02-08T00:00:00.000Z',
    kind: 'scheduled',
    window: { from: '2001-02-01T00:00:00.000Z', to: '2001-02-08T00:00:00.000Z' },
    policyVersion: 1,
    policy: defaultPolicy(1),
    signals: [],
    stalenessScore: null,
    verdict: 'unknown',
    confidence: { level: 'low', reasons: [] },
    causes: [],
    coverageRatio: null,
    summary,
  };
}

describe('evaluations of many models that are put in the same turn', () => {
  let engine: Dynoxide;
  let store: EvaluationStore;
  const requests: object[] = [];
  beforeAll(async () => {
    engine = await startDynoxide();
    await engine.createTable(healthTable('Health'));
    const { client } = engine;
    client.middlewareStack.add(
      (next, { commandName }) =>
        (request) => {
          if (commandName === 'TransactWriteItemsCommand') requests.push(request);
          return next(request);
        },
      { step: 'initialize' },
    );
    store = createGatheringEvaluationStore({ client, tableName: 'Health' });
  });
  afterAll(() => engine.stop());
  beforeEach(() => void requests.splice(0));

  evaluationStoreContract(() => store);

  const putAll = (evaluations: readonly Evaluation[]) =>
    Promise.allSettled(evaluations.map((evaluation) => store.put(evaluation)));
  const summariesOf = async (modelIds: readonly string[]) =>
    (await Promise.all(modelIds.map((id) => store.latest(id)))).map((found) => found?.summary);
  const fleet = (name: string, models: number) => Array.from({ length: models }, (_, i) => `${name}-${i}`);

  it('are written in as few requests as DynamoDB takes', async () => {
    const models = fleet('many', 30);
    await putAll(models.map((id) => evaluationOf(id)));
    requests.splice(0);
    const rows = await store.rows(models);
    // As a scan does, which has read the rows.
    const put = rows.map((before) => {
      const next = { ...evaluationOf(before.modelId, 'fine'), evaluatedAt: '2001-02-08T00:05:00.000Z' };
      return store.put(next, { before });
    });
    await Promise.all(put);
    expect(requests).toHaveLength(2);
    expect(await summariesOf(models)).toEqual(models.map(() => 'fine'));
  });

  it('one that is there already stays, and the others are written', async () => {
    const models = fleet('repeated', 5);
    await store.put(evaluationOf('repeated-2', 'first'));
    const ends = await putAll(models.map((id) => evaluationOf(id, 'second')));
    expect(ends.map(({ status }) => status)).toEqual(models.map(() => 'fulfilled'));
    expect(await summariesOf(models)).toEqual(['second', 'second', 'first', 'second', 'second']);
  });

  it('one that is too large fails alone', async () => {
    const models = fleet('large', 3);
    const noise = Array.from({ length: 500_000 }, (_, i) => String.fromCharCode(33 + (((i * i * 7_919) % 9_973) % 90)));
    const ends = await putAll(models.map((id, i) => evaluationOf(id, i === 1 ? noise.join('') : 'fine')));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
