import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { getDrift } from '../../shared/api/health-views.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { viewDrift } from '../../shared/use-cases/health/view-drift.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  metrics: createDynamoGroundTruthMetrics({ client, tableName: env('GROUND_TRUTH_TABLE') }),
  baselines: createDynamoBaselineStore({ client, tableName: env('HEALTH_TABLE') }),
  evaluations: createDynamoEvaluationStore({ client, tableName: env('HEALTH_TABLE') }),
};

export const handler = apiHandler(getDrift, {}, async ({ params, query, now }) => ({
  body: await viewDrift(ports, { ...params, ...query, now }),
}));
