import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoHydrationStore } from '../../shared/adapters/dynamodb/dynamo-hydration-store.ts';
import { createDynamoProviderStore } from '../../shared/adapters/dynamodb/dynamo-provider-store.ts';
import { createSqsReconcileQueue } from '../../shared/adapters/sqs/sqs-provider-queues.ts';
import { reconcileProvider as contract } from '../../shared/api/providers.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { reconcileNow } from '../../shared/use-cases/graph/ingestion/change-provider.ts';

const table = { client: dynamo(), tableName: env('GRAPH_TABLE') };
const ports = {
  providerStore: createDynamoProviderStore(table),
  hydrations: createDynamoHydrationStore(table),
  reconcileQueue: createSqsReconcileQueue({ client: sqs(), queueUrl: env('RECONCILE_QUEUE_URL') }),
};

export const handler = apiHandler(contract, {}, async ({ params: { provider }, body: { force }, actor, now }) => ({
  body: await reconcileNow(ports, provider, { actor, now, isForced: force }),
}));
