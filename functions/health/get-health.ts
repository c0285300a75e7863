import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getHealth } from '../../shared/api/health.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { getModelHealth } from '../../shared/use-cases/health/get-model-health.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  evaluations: createDynamoEvaluationStore({ client, tableName: env('HEALTH_TABLE') }),
};

export const handler = apiHandler(getHealth, {}, async ({ params }) => ({
  body: await getModelHealth(ports, params.modelId),
}));
