import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { createS3ArtifactStore } from '../../shared/adapters/s3/s3-artifact-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { completeRun as operation } from '../../shared/api/retraining.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { completeRun, findRun } from '../../shared/use-cases/retraining/complete-run.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const ports = {
  events,
  artifacts: createS3ArtifactStore({ client: s3(), bucketName: env('ARTIFACT_BUCKET') }),
  workflows: createStepFunctionsWorkflowEngine({ client: stepFunctions() }),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

export const handler = apiHandler(
  operation,
  { team: async ({ params }) => (await findRun(events, params.runId))?.state.team, idempotency },
  async ({ params: { runId }, body, actor, now }) => {
    await completeRun(ports, { runId, completion: body, actor, now });
    return { body: { runId, status: body.status } };
  },
);
