import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoIdempotencyStore } from '../../shared/adapters/dynamodb/dynamo-idempotency-store.ts';
import { connectionsSchema } from '../../shared/adapters/orchestrators/connection.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { attachRun as operation } from '../../shared/api/retraining.ts';
import type { RetrainState } from '../../shared/domain/retraining/retrain.ts';
import { retrainStream } from '../../shared/domain/stream-ids.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { retrainLimits } from '../../shared/runtime/retrain-limits.ts';
import { attachRun } from '../../shared/use-cases/retraining/attach-run.ts';
import { viewRetrain } from '../../shared/use-cases/retraining/view-retrains.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const ports = {
  events,
  workflows: createStepFunctionsWorkflowEngine({
    client: stepFunctions(),
    arns: { retrainModel: env('RETRAIN_WORKFLOW_ARN') },
  }),
  limits: retrainLimits(),
  connections: Object.keys(connectionsSchema.parse(JSON.parse(env('ORCHESTRATORS')))),
};
const idempotency = createDynamoIdempotencyStore({ client, tableName: env('IDEMPOTENCY_TABLE') });

const teamOfRetrain = async (retrainId: string) =>
  (await events.head<RetrainState>(retrainStream(retrainId)))?.state.team;

export const handler = apiHandler(
  operation,
  { team: ({ params }) => teamOfRetrain(params.retrainId), idempotency },
  async ({ params, body: { reason, ...run }, actor, now }) => ({
    body: viewRetrain(await attachRun(ports, { ...params, run, reason, actor, now })),
  }),
);
