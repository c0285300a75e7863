import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoProviderStore } from '../../shared/adapters/dynamodb/dynamo-provider-store.ts';
import { listProviders as contract } from '../../shared/api/providers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { viewDeletions, viewProviders } from '../../shared/use-cases/graph/ingestion/view-providers.ts';

const store = createDynamoProviderStore({ client: dynamo(), tableName: env('GRAPH_TABLE') });

export const handler = apiHandler(contract, {}, async ({ now }) => ({
  body: { items: await viewProviders(store, now), deleted: await viewDeletions(store) },
}));
