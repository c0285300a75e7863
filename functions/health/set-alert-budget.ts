import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { setAlertBudget } from '../../shared/api/health.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { changeAlertBudget } from '../../shared/use-cases/health/change-alert-budget.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

export const handler = apiHandler(
  setAlertBudget,
  { team: ({ params }) => params.team },
  async ({ params: { team }, body: { falseAlarmsPerWeek }, actor, now, ifMatch }) => {
    const { state, version } = await changeAlertBudget(events, { team, falseAlarmsPerWeek, actor, now, ifMatch });
    return { body: state, etag: version };
  },
);
