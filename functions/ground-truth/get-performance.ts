import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { getPerformance } from '../../shared/api/ground-truth.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { viewPerformance } from '../../shared/use-cases/ground-truth/view-performance.ts';

const client = dynamo();
const sources = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  metrics: createDynamoGroundTruthMetrics({ client, tableName: env('GROUND_TRUTH_TABLE') }),
};

export const handler = apiHandler(getPerformance, {}, async ({ params, query, now }) => ({
  body: await viewPerformance(sources, { ...params, ...query, now }),
}));
