import type { SQSEvent } from 'aws-lambda';
import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoChangeCursor } from '../../shared/adapters/dynamodb/dynamo-change-cursor.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createNeptuneClient } from '../../shared/adapters/neptune/neptune-client.ts';
import { createNeptuneGraphDatabase } from '../../shared/adapters/neptune/neptune-graph-database.ts';
import { isProjectedStream } from '../../shared/domain/graph/project-commits.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { followLog } from '../../shared/use-cases/graph/follow-log.ts';
import { projectStream } from '../../shared/use-cases/graph/project-stream.ts';
import { sweepGraph } from '../../shared/use-cases/graph/sweep-graph.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  graph: createDynamoGraphStore({ client, tableName: env('GRAPH_TABLE') }),
  database: createNeptuneGraphDatabase(createNeptuneClient({ endpoint: env('NEPTUNE_ENDPOINT') })),
};

const cursor = createDynamoChangeCursor({ client, tableName: env('GRAPH_TABLE') }, 'neptune');
const follow = () => followLog({ ...ports, cursor });

const eventSchema = z.object({ detail: z.object({ streamId: z.string().refine(isProjectedStream) }) });
const hintSchema = z.union([eventSchema, z.object({ graphChanged: z.literal(true) })]);

/**
 * Something happened to a model or a version, and what it was is read from its stream; or a provider has said something,
 * which is read from the log.
 */
const projectHinted = streamHandler({
  source: 'sqs',
  decode: ({ data }) => parseOrThrow(hintSchema, parseJson(data)),
  handle: oneByOne<'sqs', z.output<typeof hintSchema>>('anyOrder', async (hint, { now }) => {
    if ('detail' in hint) await projectStream(ports, hint.detail.streamId, now);
    else await follow();
  }),
});

/** Whatever a lost hint or a crash left behind. */
const sweep = scheduledHandler(async ({ now }) => {
  const swept = await sweepGraph(ports, now, (streamId, error) =>
    logger.error('a stream could not be projected', {
      streamId,
      error: error instanceof Error ? error : String(error),
    }),
  );
  const followed = await follow();
  logger.info('swept the graph', { now, ...swept, followed });
});

export const handler = (event: SQSEvent | { readonly scheduledTime: string }) =>
  'Records' in event ? projectHinted(event) : sweep(event);
