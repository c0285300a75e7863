import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { connectRouting } from '../../shared/adapters/connect-routing.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createS3ArtifactStore } from '../../shared/adapters/s3/s3-artifact-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { deployVersion as contract } from '../../shared/api/registry.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { deployVersion } from '../../shared/use-cases/registry/deploy-version.ts';
import { teamOf } from '../../shared/use-cases/registry/team-of.ts';

const client = dynamo();
const objects = s3();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const ports = {
  events,
  artifacts: createS3ArtifactStore({ client: objects, bucketName: env('ARTIFACT_BUCKET') }),
  routing: connectRouting({
    client: objects,
    bucketName: env('ROUTING_BUCKET'),
    connections: env('ROUTING_CONNECTIONS'),
  }),
  workflows: createStepFunctionsWorkflowEngine({
    client: stepFunctions(),
    arns: { rollOutVersion: env('ROLLOUT_WORKFLOW_ARN') },
  }),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  contract,
  { team: ({ params }) => teamOf(events, params.modelId), idempotency },
  async ({ params, body: { reason = 'deployed by hand', holdout }, actor, now, ifMatch }) => {
    const deployment = await deployVersion(ports, { ...params, actor, reason, now, holdout, ifMatch });
    return { status: deployment.result === 'champion' ? 201 : 202, body: { ...params, ...deployment } };
  },
);
