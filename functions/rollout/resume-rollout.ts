import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { resumeRollout as operation } from '../../shared/api/rollout.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { resumeRollout } from '../../shared/use-cases/rollout/operate-rollout.ts';
import { teamOfRollout, viewRollout } from '../../shared/use-cases/rollout/view-rollouts.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  workflows: createStepFunctionsWorkflowEngine({ client: stepFunctions() }),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOfRollout(ports.events, params.rolloutId), idempotency },
  async ({ params, body, actor, now }) => ({
    body: viewRollout(await resumeRollout(ports, { ...params, ...body, actor, now })),
  }),
);
