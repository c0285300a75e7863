import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoBatchStore } from '../../shared/adapters/dynamodb/dynamo-batch-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { batchDaySchema, dateRangeSchema } from '../../shared/domain/ground-truth/batch/batch-run.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { emitMetrics } from '../../shared/runtime/metrics.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { beginRun, completeDay, failDay } from '../../shared/use-cases/ground-truth/batch-join.ts';
import { batchModels } from '../../shared/use-cases/ground-truth/batch-models.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const store = createDynamoBatchStore({ client, tableName: env('GROUND_TRUTH_TABLE') });

const inputSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('begin'), runId: z.string(), input: z.object({ range: dateRangeSchema.optional() }) }),
  z.object({ do: z.enum(['complete', 'fail']), day: batchDaySchema }),
]);

export const handler = taskHandler(inputSchema, async (input) => {
  const { now } = input;
  if (input.do === 'begin') {
    const { runId, input: given } = input;
    const range = given.range === undefined ? {} : { range: given.range };
    return beginRun({ store, models: () => batchModels(events) }, { runId, now, ...range });
  }
  if (input.do === 'fail') return failDay(store, input.day, now);
  const step = await completeDay(store, input.day, now);
  emitMetrics({ BatchDaysJoined: 1 });
  return step;
});
