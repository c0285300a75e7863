import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';

const workflows = createStepFunctionsWorkflowEngine({
  client: stepFunctions(),
  arns: { joinGroundTruth: env('BATCH_WORKFLOW_ARN') },
});

export const handler = scheduledHandler(async ({ now }) => {
  const runId = `daily-${now.replace(/\D/g, '')}`;
  await workflows.start('joinGroundTruth', runId, {});
  logger.info('started the batch join', { runId });
});
