import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { connectRouting } from '../../shared/adapters/connect-routing.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { promoteRollout as operation } from '../../shared/api/rollout.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { promoteNow } from '../../shared/use-cases/rollout/promote-version.ts';
import { teamOfRollout, viewRollout } from '../../shared/use-cases/rollout/view-rollouts.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  routing: connectRouting({ client: s3(), bucketName: env('ROUTING_BUCKET'), connections: env('ROUTING_CONNECTIONS') }),
  workflows: createStepFunctionsWorkflowEngine({
    client: stepFunctions(),
    arns: { rollOutVersion: env('ROLLOUT_WORKFLOW_ARN') },
  }),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOfRollout(ports.events, params.rolloutId), idempotency },
  async ({ params, body, actor, now }) => ({
    body: viewRollout(await promoteNow(ports, { ...params, ...body, actor, now })),
  }),
);
