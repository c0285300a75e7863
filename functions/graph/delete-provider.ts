import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoHydrationStore } from '../../shared/adapters/dynamodb/dynamo-hydration-store.ts';
import { createDynamoProviderStore } from '../../shared/adapters/dynamodb/dynamo-provider-store.ts';
import { deleteProvider as contract } from '../../shared/api/providers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { deleteProvider } from '../../shared/use-cases/graph/ingestion/delete-provider.ts';

const table = { client: dynamo(), tableName: env('GRAPH_TABLE') };
const ports = { providerStore: createDynamoProviderStore(table), hydrations: createDynamoHydrationStore(table) };

export const handler = apiHandler(contract, {}, async ({ params: { provider }, query: { claims }, actor, now }) => {
  const deletion = await deleteProvider(ports, { provider, retiresClaims: claims === 'retire', actor, now });
  return { body: { provider, ...deletion } };
});
