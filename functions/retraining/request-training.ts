import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createSqsTrainingQueue } from '../../shared/adapters/sqs/sqs-training-queue.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { requestTraining } from '../../shared/use-cases/retraining/request-training.ts';

const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  queue: createSqsTrainingQueue({ client: sqs(), queueUrl: env('TRAINING_REQUEST_QUEUE_URL') }),
};

export const handler = taskHandler(z.object({ retrainId: z.string(), taskToken: z.string() }), (task) =>
  requestTraining(ports, task),
);
