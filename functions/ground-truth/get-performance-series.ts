import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { getPerformanceSeries } from '../../shared/api/ground-truth.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { viewPerformanceSeries } from '../../shared/use-cases/ground-truth/view-performance-series.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  metrics: createDynamoGroundTruthMetrics({ client, tableName: env('GROUND_TRUTH_TABLE') }),
  baselines: createDynamoBaselineStore({ client, tableName: env('HEALTH_TABLE') }),
};

export const handler = apiHandler(getPerformanceSeries, {}, async ({ params, query, now }) => ({
  body: await viewPerformanceSeries(ports, { ...params, ...query, now }),
}));
