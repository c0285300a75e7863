import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGroundTruthMetrics } from '../../shared/adapters/dynamodb/dynamo-ground-truth-metrics.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { judgeStep } from '../../shared/use-cases/rollout/judge-step.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  metrics: createDynamoGroundTruthMetrics({ client, tableName: env('GROUND_TRUTH_TABLE') }),
};

export const handler = taskHandler(z.object({ rolloutId: z.string() }), (task) => judgeStep(ports, task));
