import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import { getPairedPerformance } from '../../shared/api/ground-truth.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { viewPairedPerformance } from '../../shared/use-cases/ground-truth/view-paired-performance.ts';

const client = dynamo();
const sources = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  metrics: createDynamoGroundTruthMetrics({ client, tableName: env('GROUND_TRUTH_TABLE') }),
};

export const handler = apiHandler(getPairedPerformance, {}, async ({ params, query, now }) => ({
  body: await viewPairedPerformance(sources, { ...params, ...query, now }),
}));
