import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEmbeddingStabilityStore } from '../../shared/adapters/dynamodb/dynamo-embedding-stability-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getEmbeddingStability } from '../../shared/api/embedding-stability.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { viewEmbeddingStability } from '../../shared/use-cases/health/view-embedding-stability.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  stabilities: createDynamoEmbeddingStabilityStore({ client, tableName: env('HEALTH_TABLE') }),
};

export const handler = apiHandler(getEmbeddingStability, {}, async ({ params: { modelId, version } }) => ({
  body: await viewEmbeddingStability(ports, modelId, version),
}));
