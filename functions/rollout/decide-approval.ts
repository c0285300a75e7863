import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { decideApproval as operation } from '../../shared/api/approvals.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { decideApproval } from '../../shared/use-cases/rollout/decide-approval.ts';
import { ownersOfApproval } from '../../shared/use-cases/rollout/view-approvals.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  workflows: createStepFunctionsWorkflowEngine({ client: stepFunctions() }),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  operation,
  { owners: ({ params }) => ownersOfApproval(ports.events, params.approvalId), idempotency },
  async ({ params, body, actor, now }) => ({ body: await decideApproval(ports, { ...params, ...body, actor, now }) }),
);
