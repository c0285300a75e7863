import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoProviderStore } from '../../shared/adapters/dynamodb/dynamo-provider-store.ts';
import { checkMappings } from '../../shared/adapters/providers/check-mappings.ts';
import { setProvider as contract } from '../../shared/api/providers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { setProvider } from '../../shared/use-cases/graph/ingestion/change-provider.ts';

const store = createDynamoProviderStore({ client: dynamo(), tableName: env('GRAPH_TABLE') });

export const handler = apiHandler(contract, {}, async ({ params: { provider }, body: configuration, actor, now }) => {
  checkMappings(configuration);
  await setProvider(store, { provider, configuration, actor, now });
  return { body: { provider, configuration } };
});
