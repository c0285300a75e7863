import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoBatchStore } from '../../shared/adapters/dynamodb/dynamo-batch-store.ts';
import { createS3MetricFiles } from '../../shared/adapters/s3/s3-metric-files.ts';
import { batchDaySchema } from '../../shared/domain/ground-truth/batch/batch-run.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { writeMetrics } from '../../shared/use-cases/ground-truth/batch-join.ts';

const ports = {
  files: createS3MetricFiles({ client: s3(), bucketName: env('GROUND_TRUTH_BUCKET') }),
  store: createDynamoBatchStore({ client: dynamo(), tableName: env('GROUND_TRUTH_TABLE') }),
};

const inputSchema = z.object({ day: batchDaySchema, next: z.number().int().min(0).default(0) });

export const handler = taskHandler(inputSchema, (input) => writeMetrics(ports, input));
