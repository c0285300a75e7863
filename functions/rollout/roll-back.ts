import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { connectRouting } from '../../shared/adapters/connect-routing.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { rollBack } from '../../shared/use-cases/rollout/give-up-rollout.ts';

const ports = {
  events: createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') }),
  routing: connectRouting({ client: s3(), bucketName: env('ROUTING_BUCKET'), connections: env('ROUTING_CONNECTIONS') }),
};
const error = z.object({ Error: z.string(), Cause: z.string().default('') });

export const handler = taskHandler(z.object({ rolloutId: z.string(), error: error.optional() }), (task) =>
  rollBack(ports, task),
);
