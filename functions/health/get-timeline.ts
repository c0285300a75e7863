import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getTimeline } from '../../shared/api/health-views.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { viewTimeline } from '../../shared/use-cases/health/view-timeline.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  evaluations: createDynamoEvaluationStore({ client, tableName: env('HEALTH_TABLE') }),
};

export const handler = apiHandler(getTimeline, {}, async ({ params, query, now }) => ({
  body: await viewTimeline(ports, { ...params, ...query, now }),
}));
