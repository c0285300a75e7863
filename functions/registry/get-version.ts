import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoBaselineStore } from '../../shared/adapters/dynamodb/dynamo-baseline-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getVersion as contract } from '../../shared/api/registry.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { getVersion } from '../../shared/use-cases/registry/view-models.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  baselines: createDynamoBaselineStore({ client, tableName: env('HEALTH_TABLE') }),
};

export const handler = apiHandler(contract, {}, async ({ params: { modelId, version } }) => ({
  body: await getVersion(ports, modelId, version),
}));
