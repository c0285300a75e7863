import { createAthenaQueryEngine } from '../../shared/adapters/athena/athena-query-engine.ts';
import { athena } from '../../shared/adapters/clients/athena.ts';
import { batchDaySchema } from '../../shared/domain/ground-truth/batch/batch-run.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { startSwitch } from '../../shared/use-cases/ground-truth/batch-join.ts';

const ports = {
  engine: createAthenaQueryEngine({
    client: athena(),
    workGroup: env('ATHENA_WORKGROUP'),
    database: env('GLUE_DATABASE'),
  }),
  bucket: env('GROUND_TRUTH_BUCKET'),
};

const inputSchema = z.object({ partition: z.enum(['add', 'move']), day: batchDaySchema });

export const handler = taskHandler(inputSchema, ({ day, partition }) => startSwitch(ports, day, partition));
