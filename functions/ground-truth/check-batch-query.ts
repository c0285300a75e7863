import { createAthenaQueryEngine } from '../../shared/adapters/athena/athena-query-engine.ts';
import { athena } from '../../shared/adapters/clients/athena.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';

const engine = createAthenaQueryEngine({
  client: athena(),
  workGroup: env('ATHENA_WORKGROUP'),
  database: env('GLUE_DATABASE'),
});

export const handler = taskHandler(z.object({ queryId: z.string() }), async ({ queryId }) => {
  const answer = await engine.status(queryId);
  if (answer.status === 'failed') logger.error('a query failed', { queryId, reason: answer.reason });
  return answer;
});
