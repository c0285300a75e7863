import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { closeRetrain } from '../../shared/use-cases/retraining/close-retrain.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });
const error = z.object({ Error: z.string(), Cause: z.string().default('') });

export const handler = taskHandler(
  z.object({ retrainId: z.string(), error: error.optional(), requeues: z.number().optional() }),
  (task) => closeRetrain(events, task),
);
