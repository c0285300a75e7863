import type { SQSEvent } from 'aws-lambda';
import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { connectOrchestrators } from '../../shared/adapters/orchestrators/connect-orchestrators.ts';
import { connectionsSchema } from '../../shared/adapters/orchestrators/connection.ts';
import { endedRunOf } from '../../shared/adapters/orchestrators/run-event.ts';
import { createSecretsManagerSecret } from '../../shared/adapters/secrets-manager/secrets-manager-secret.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { emitMetrics } from '../../shared/runtime/metrics.ts';
import { retrainLimits } from '../../shared/runtime/retrain-limits.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { streamHandler } from '../../shared/runtime/stream-handler.ts';
import { dispatchRetrains } from '../../shared/use-cases/retraining/dispatch-retrains.ts';
import { openCircuits } from '../../shared/use-cases/retraining/open-circuits.ts';
import { queueConnection } from '../../shared/use-cases/retraining/start-run.ts';
import { stopRuns } from '../../shared/use-cases/retraining/stop-runs.ts';
import { watchRuns } from '../../shared/use-cases/retraining/watch-runs.ts';

const secretsManager = secrets();
const client = stepFunctions();
const connections = connectionsSchema.parse(JSON.parse(env('ORCHESTRATORS')));
const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  workflows: createStepFunctionsWorkflowEngine({ client, arns: { retrainModel: env('RETRAIN_WORKFLOW_ARN') } }),
  orchestrators: connectOrchestrators({
    connections,
    stepFunctions: client,
    secret: (arn) => createSecretsManagerSecret(secretsManager, arn),
  }),
  limits: retrainLimits(),
};

/** Runs that failed without a word, runs that outlived their retrain, and retrains that waited for an orchestrator to come back. */
const watchAll = scheduledHandler(async ({ now }) => {
  await watchRuns(ports, now);
  const left = await stopRuns(ports, now);
  if (left.length > 0) logger.warn('left runs to themselves that cannot be stopped', { left });
  const started = await dispatchRetrains(ports, now);
  const open = await openCircuits(ports.events, [queueConnection, ...Object.keys(connections)]);
  emitMetrics({ CircuitsOpen: open.length });
  logger.info('watched the runs', { now, started, open });
});

/** An orchestrator says that runs have ended: they are asked about at once. What it says is no more than a hint. */
const watchEnded = streamHandler({
  source: 'sqs',
  decode: ({ data }) => endedRunOf(data),
  handle: async (records) => {
    const [now] = records.map(({ arrival }) => arrival.now).toSorted((a, b) => (a < b ? 1 : -1));
    await watchRuns(ports, now!, new Set(records.map(({ item }) => item)));
    return [];
  },
});

export const handler = (event: SQSEvent | { readonly scheduledTime: string }) =>
  'Records' in event ? watchEnded(event) : watchAll(event);
