import { createAthenaQueryEngine } from '../../shared/adapters/athena/athena-query-engine.ts';
import { athena } from '../../shared/adapters/clients/athena.ts';
import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { batchDaySchema } from '../../shared/domain/ground-truth/batch/batch-run.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { startQuery } from '../../shared/use-cases/ground-truth/batch-join.ts';
import { batchModels } from '../../shared/use-cases/ground-truth/batch-models.ts';

const events = createDynamoEventStore({ client: dynamo(), tableName: env('EVENTS_TABLE') });
const ports = {
  engine: createAthenaQueryEngine({
    client: athena(),
    workGroup: env('ATHENA_WORKGROUP'),
    database: env('GLUE_DATABASE'),
  }),
  models: () => batchModels(events),
  bucket: env('GROUND_TRUTH_BUCKET'),
};

const inputSchema = z.object({ query: z.enum(['join', 'metrics']), day: batchDaySchema });

export const handler = taskHandler(inputSchema, ({ day, query }) => startQuery(ports, day, query));
