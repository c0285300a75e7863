import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { startBatchRuns } from '../../shared/use-cases/ground-truth/start-batch-runs.ts';

const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  workflows: createStepFunctionsWorkflowEngine({
    client: stepFunctions(),
    arns: { joinGroundTruth: env('BATCH_WORKFLOW_ARN') },
  }),
};
const rawRetentionDays = z.coerce.number().int().positive().parse(env('RAW_RETENTION_DAYS'));

export const handler = scheduledHandler(async ({ now }) => {
  logger.info('started the batch join', { runIds: await startBatchRuns(ports, { now, rawRetentionDays }) });
});
