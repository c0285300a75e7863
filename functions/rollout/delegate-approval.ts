import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { delegateApproval as operation } from '../../shared/api/approvals.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { delegateApproval } from '../../shared/use-cases/rollout/decide-approval.ts';
import { ownersOfApproval } from '../../shared/use-cases/rollout/view-approvals.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  operation,
  { owners: ({ params }) => ownersOfApproval(events, params.approvalId), idempotency },
  async ({ params, body, actor, now }) => ({
    body: await delegateApproval(events, { ...params, ...body, actor, now }),
  }),
);
