import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { getAlertBudget } from '../../shared/api/health.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { loadTeam } from '../../shared/use-cases/health/change-alert-budget.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(getAlertBudget, {}, async ({ params }) => {
  const { state, version } = await loadTeam(events, params.team);
  return { body: state, etag: version };
});
