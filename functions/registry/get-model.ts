import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getModel as contract } from '../../shared/api/registry.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { getModel } from '../../shared/use-cases/registry/view-models.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(contract, {}, async ({ params: { modelId }, query: { asOf }, now }) => {
  const { state, version } = await getModel(events, { modelId, asOf, now });
  return { body: state, ...(version !== undefined && { etag: version }) };
});
