import { dynamo, stepFunctions } from '../../shared/adapters/clients.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { z } from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { streamHandler } from '../../shared/runtime/stream-handler.ts';
import { dispatchRetrains } from '../../shared/use-cases/retraining/dispatch-retrains.ts';
import { recoverRetrains } from '../../shared/use-cases/retraining/recover-retrains.ts';

const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  workflows: createStepFunctionsWorkflowEngine({
    client: stepFunctions(),
    arns: { retrainModel: env('RETRAIN_WORKFLOW_ARN') },
  }),
  limit: z.coerce.number().int().positive().parse(env('MAX_CONCURRENT_RETRAINS')),
};

/** A retrain was queued or a slot came free; which one does not matter, so a batch is one look at the queue. */
export const handler = streamHandler({
  source: 'sqs',
  decode: ({ now }) => now,
  handle: async (records) => {
    const now = records
      .map(({ item }) => item)
      .toSorted()
      .at(-1)!;
    logger.info('dispatched', { now, started: await dispatchRetrains(ports, now) });
    await recoverRetrains(ports, now);
    return [];
  },
});
