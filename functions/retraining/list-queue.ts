import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { listQueue as operation } from '../../shared/api/retraining.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { retrainLimits } from '../../shared/runtime/retrain-limits.ts';
import { listQueue } from '../../shared/use-cases/retraining/view-retrains.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });

const limits = retrainLimits();

export const handler = apiHandler(operation, {}, async ({ query: { status, ...page }, now }) => ({
  body: await listQueue(events, status, { ...page, limits, now }),
}));
