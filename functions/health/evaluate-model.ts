import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEmbeddingStabilityStore } from '../../shared/adapters/dynamodb/dynamo-embedding-stability-store.ts';
import { createDynamoEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { evaluateModel } from '../../shared/api/health.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { evaluateOnDemand } from '../../shared/use-cases/health/evaluate-model.ts';
import { createEvaluatedVersions } from '../../shared/use-cases/health/evaluated-versions.ts';
import { teamOf } from '../../shared/use-cases/registry/team-of.ts';

const client = dynamo();
const health = { client, tableName: env('HEALTH_TABLE') };
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const ports = {
  events,
  metrics: createDynamoGroundTruthMetrics({ client, tableName: env('GROUND_TRUTH_TABLE') }),
  versions: createEvaluatedVersions(events, createDynamoBaselineStore(health), {
    stabilities: createDynamoEmbeddingStabilityStore(health),
  }),
  evaluations: createDynamoEvaluationStore(health),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  evaluateModel,
  { team: ({ params }) => teamOf(events, params.modelId), idempotency },
  async ({ params, body, now }) => ({
    body: await evaluateOnDemand(ports, { modelId: params.modelId, now, asOf: body.asOf }),
  }),
);
