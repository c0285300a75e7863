import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { comparePolicies as operation } from '../../shared/api/decisions.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { comparePolicies } from '../../shared/use-cases/registry/compare-policies.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(
  operation,
  {},
  async ({ params: { modelId, policyVersion: from }, query: { to } }) => ({
    body: await comparePolicies(events, { modelId, from, to }),
  }),
);
