import type { SQSEvent } from 'aws-lambda';
import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoEvaluationStore } from '../../shared/adapters/dynamodb/dynamo-evaluation-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { parseStageFreeze } from '../../shared/domain/retraining/rules/retraining-windows.ts';
import * as z from '../../shared/domain/zod.ts';
import type { RoutingPublisher } from '../../shared/ports/routing-publisher.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { hintCorrelation } from '../../shared/runtime/hint-correlation.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitByTier } from '../../shared/runtime/metrics.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { retrainLimits } from '../../shared/runtime/retrain-limits.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { decideAllRetrains, decideRetrain } from '../../shared/use-cases/retraining/decide-retrains.ts';
import { dispatchRetrains } from '../../shared/use-cases/retraining/dispatch-retrains.ts';
import { measureQueue } from '../../shared/use-cases/retraining/measure-queue.ts';
import { recoverRetrains } from '../../shared/use-cases/retraining/recover-retrains.ts';
import { restartRollouts } from '../../shared/use-cases/rollout/restart-rollouts.ts';
import { withdrawAllBreached, withdrawBreached } from '../../shared/use-cases/rollout/withdraw-champion.ts';

const client = dynamo();
const published = { bucketName: env('ROUTING_BUCKET'), connections: env('ROUTING_CONNECTIONS') };
/** A champion is hardly ever taken back here: what publishes is loaded when one is. */
const routing: RoutingPublisher = {
  async publish(table) {
    const [{ s3 }, { connectRouting }] = await Promise.all([
      import('../../shared/adapters/clients/s3.ts'),
      import('../../shared/adapters/connect-routing.ts'),
    ]);
    await connectRouting({ client: s3(), ...published }).publish(table);
  },
};
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  evaluations: createDynamoEvaluationStore({ client, tableName: env('HEALTH_TABLE') }),
  routing,
  workflows: createStepFunctionsWorkflowEngine({
    client: stepFunctions(),
    arns: { retrainModel: env('RETRAIN_WORKFLOW_ARN'), rollOutVersion: env('ROLLOUT_WORKFLOW_ARN') },
  }),
  stageFreezes: parseStageFreeze(env('RETRAIN_FREEZE')),
  limits: retrainLimits(),
};

const hintSchema = z.object({ detail: z.object({ event: z.object({ modelId: z.string() }) }) });

/** A model's health has changed. */
const decideHinted = streamHandler({
  source: 'sqs',
  correlationOf: hintCorrelation,
  decode: ({ data }) => parseOrThrow(hintSchema, parseJson(data)).detail.event.modelId,
  handle: oneByOne<'sqs', string>('anyOrder', async (modelId, { now }) => {
    if (await withdrawBreached(ports, modelId, now)) logger.warn('took back the champion', { modelId });
    logger.info('decided', { modelId, ...(await decideRetrain(ports, modelId, now)) });
  }),
});

/** Backstops, ended cooldowns, and whatever a lost hint or a crash left behind. */
const sweep = scheduledHandler(async ({ now }) => {
  const { withdrawn, failures: notWithdrawn } = await withdrawAllBreached(ports, now);
  if (withdrawn.length > 0) logger.warn('took back the champions', { models: withdrawn });
  for (const { modelId, error } of notWithdrawn)
    logger.error('a champion could not be taken back', { modelId, error: loggable(error) });
  const { models, retrainIds, failures } = await decideAllRetrains(ports, now);
  for (const { modelId, error } of failures)
    logger.error('a model could not be decided', { modelId, error: loggable(error) });
  const started = await dispatchRetrains(ports, now);
  await recoverRetrains(ports, now);
  await restartRollouts(ports);
  emitByTier(await measureQueue(ports.events, now));
  logger.info('decided for all models', { now, models, requested: retrainIds, started });
});

function loggable(error: unknown): Error | string {
  return error instanceof Error ? error : String(error);
}

export const handler = (event: SQSEvent | { readonly scheduledTime: string }) =>
  'Records' in event ? decideHinted(event) : sweep(event);
