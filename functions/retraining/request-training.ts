import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { secrets } from '../../shared/adapters/clients/secrets-manager.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { connectOrchestrators } from '../../shared/adapters/orchestrators/connect-orchestrators.ts';
import { connectionsSchema } from '../../shared/adapters/orchestrators/connection.ts';
import { createQueueOrchestrator } from '../../shared/adapters/orchestrators/queue-orchestrator.ts';
import { createSecretsManagerSecret } from '../../shared/adapters/secrets-manager/secrets-manager-secret.ts';
import { createSqsTrainingQueue } from '../../shared/adapters/sqs/sqs-training-queue.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { requestTraining } from '../../shared/use-cases/retraining/request-training.ts';
import { queueConnection } from '../../shared/use-cases/retraining/start-run.ts';

const secretsManager = secrets();
const queue = createSqsTrainingQueue({ client: sqs(), queueUrl: env('TRAINING_REQUEST_QUEUE_URL') });
const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  orchestrators: connectOrchestrators({
    connections: connectionsSchema.parse(JSON.parse(env('ORCHESTRATORS'))),
    stepFunctions: stepFunctions(),
    secret: (arn) => createSecretsManagerSecret(secretsManager, arn),
    builtIn: { [queueConnection]: createQueueOrchestrator(queue) },
  }),
};

export const handler = taskHandler(z.object({ retrainId: z.string(), taskToken: z.string() }), (task) =>
  requestTraining(ports, task),
);
