import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { listEvaluations } from '../../shared/api/health.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { loadModel } from '../../shared/use-cases/registry/change-model.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const evaluations = createDynamoEvaluationStore({ client, tableName: env('HEALTH_TABLE') });

export const handler = apiHandler(listEvaluations, {}, async ({ params: { modelId }, query: { limit, cursor } }) => {
  // An unknown model is a 404, not an empty list.
  await loadModel(events, modelId);
  return { body: await evaluations.list(modelId, { limit, ...(cursor && { cursor }) }) };
});
