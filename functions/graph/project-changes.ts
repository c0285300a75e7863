import type { SQSEvent } from 'aws-lambda';
import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoEventStore } from '../../shared/adapters/dynamodb/dynamo-event-store.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createNeptuneClient } from '../../shared/adapters/neptune/neptune-client.ts';
import { createNeptuneGraphDatabase } from '../../shared/adapters/neptune/neptune-graph-database.ts';
import { isProjectedStream } from '../../shared/domain/graph/project-registry.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { scheduledHandler } from '../../shared/runtime/scheduled-handler.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { projectStream } from '../../shared/use-cases/graph/project-stream.ts';
import { sweepGraph } from '../../shared/use-cases/graph/sweep-graph.ts';

const client = dynamo();
const ports = {
  events: createDynamoEventStore({ client, tableName: env('EVENTS_TABLE') }),
  graph: createDynamoGraphStore({ client, tableName: env('GRAPH_TABLE') }),
  database: createNeptuneGraphDatabase(createNeptuneClient({ endpoint: env('NEPTUNE_ENDPOINT') })),
};

const hintSchema = z.object({ detail: z.object({ streamId: z.string().refine(isProjectedStream) }) });

/** Something happened to a model or a version; what it was is read from its stream. */
const projectHinted = streamHandler({
  source: 'sqs',
  decode: ({ data }) => parseOrThrow(hintSchema, parseJson(data)).detail.streamId,
  handle: oneByOne<'sqs', string>('anyOrder', (streamId, { now }) => projectStream(ports, streamId, now)),
});

/** Whatever a lost hint or a crash left behind. */
const sweep = scheduledHandler(async ({ now }) => {
  const swept = await sweepGraph(ports, now, (streamId, error) =>
    logger.error('a stream could not be projected', {
      streamId,
      error: error instanceof Error ? error : String(error),
    }),
  );
  logger.info('swept the graph', { now, ...swept });
});

export const handler = (event: SQSEvent | { readonly scheduledTime: string }) =>
  'Records' in event ? projectHinted(event) : sweep(event);
