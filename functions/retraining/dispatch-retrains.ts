import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { retrainStream } from '../../shared/domain/stream-ids.ts';
import { withCorrelation } from '../../shared/observability/correlation.ts';
import { env } from '../../shared/runtime/env.ts';
import { hintCorrelation } from '../../shared/runtime/hint-correlation.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { retrainLimits } from '../../shared/runtime/retrain-limits.ts';
import { streamHandler } from '../../shared/runtime/stream-handler.ts';
import { correlationOfStream } from '../../shared/use-cases/correlation-of-stream.ts';
import { dispatchRetrains } from '../../shared/use-cases/retraining/dispatch-retrains.ts';
import { recoverRetrains } from '../../shared/use-cases/retraining/recover-retrains.ts';

const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  workflows: createStepFunctionsWorkflowEngine({
    client: stepFunctions(),
    arns: { retrainModel: env('RETRAIN_WORKFLOW_ARN') },
  }),
  limits: retrainLimits(),
};

async function logStart(retrainId: string): Promise<void> {
  const correlationId = await correlationOfStream(ports.events, retrainStream(retrainId));
  withCorrelation(correlationId, () => logger.info('started the retrain', { retrainId }));
}

/** A retrain was queued or a slot came free; which one does not matter, so a batch is one look at the queue. */
export const handler = streamHandler({
  source: 'sqs',
  correlationOf: hintCorrelation,
  decode: ({ now }) => now,
  handle: async (records) => {
    const now = records
      .map(({ item }) => item)
      .toSorted()
      .at(-1)!;
    for (const retrainId of await dispatchRetrains(ports, now)) await logStart(retrainId);
    await recoverRetrains(ports, now);
    return [];
  },
});
