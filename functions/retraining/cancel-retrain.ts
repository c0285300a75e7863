import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { cancelRetrain as operation } from '../../shared/api/retraining-queue.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { cancelRetrain } from '../../shared/use-cases/retraining/cancel-retrain.ts';
import { teamOfRetrain } from '../../shared/use-cases/retraining/change-queue.ts';
import { viewRetrain } from '../../shared/use-cases/retraining/view-retrains.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  workflows: createStepFunctionsWorkflowEngine({ client: stepFunctions(), arns: {} }),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOfRetrain(ports.events, params.retrainId), idempotency },
  async ({ params, body, actor, now }) => ({
    body: viewRetrain(await cancelRetrain(ports, { ...params, ...body, actor, now })),
  }),
);
