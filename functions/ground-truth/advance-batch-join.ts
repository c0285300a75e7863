import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoBatchStore } from '../../shared/adapters/dynamodb/dynamo-batch-store.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { batchDaySchema, dateRangeSchema } from '../../shared/domain/ground-truth/batch/batch-run.ts';
import type { Instant } from '../../shared/domain/time.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { emitMetrics } from '../../shared/runtime/metrics.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { beginRun, completeDay, failDay, type RunStep } from '../../shared/use-cases/ground-truth/batch-join.ts';
import { batchModels } from '../../shared/use-cases/ground-truth/batch-models.ts';

const client = dynamo();
const events = createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') });
const store = createDynamoBatchStore({ client, tableName: env('GROUND_TRUTH_TABLE') });

const inputSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('begin'), runId: z.string(), input: z.object({ range: dateRangeSchema.optional() }) }),
  z.object({ do: z.enum(['complete', 'fail']), day: batchDaySchema }),
]);

export const handler = taskHandler(inputSchema, async (input) => {
  const step = await stepOf(input);
  if (input.do === 'complete') emitMetrics({ BatchDaysJoined: 1 });
  if (step.status === 'done') emitMetrics({ BatchRunsSucceeded: 1 });
  return step;
});

function stepOf(input: z.infer<typeof inputSchema> & { readonly now: Instant }): Promise<RunStep> {
  const { now } = input;
  if ('day' in input)
    return input.do === 'complete' ? completeDay(store, input.day, now) : failDay(store, input.day, now);
  const { range } = input.input;
  const models = () => batchModels(events);
  return beginRun({ store, models }, { runId: input.runId, now, ...(range !== undefined && { range }) });
}
