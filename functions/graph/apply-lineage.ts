import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createDynamoLineageStateStore } from '../../shared/adapters/dynamodb/dynamo-lineage-state-store.ts';
import { createS3LineageReader } from '../../shared/adapters/s3/s3-lineage-inbox.ts';
import { createSqsGraphHints } from '../../shared/adapters/sqs/sqs-graph-hints.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseOrThrow } from '../../shared/runtime/field-problems.ts';
import { logger } from '../../shared/runtime/logger.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { reportLostHint } from '../../shared/runtime/report-lost-hint.ts';
import { oneByOne, streamHandler } from '../../shared/runtime/stream-handler.ts';
import { createHintingStore } from '../../shared/use-cases/graph/hinting-store.ts';
import { takeLineage } from '../../shared/use-cases/graph/openlineage/take-lineage.ts';

const table = { client: dynamo(), tableName: env('GRAPH_TABLE') };
const ports = {
  graph: createHintingStore(
    createDynamoGraphStore(table),
    createSqsGraphHints({ client: sqs(), queueUrl: env('GRAPH_CHANGES_QUEUE_URL') }),
    reportLostHint,
  ),
  states: createDynamoLineageStateStore(table),
  inbox: createS3LineageReader({ s3: s3(), bucketName: env('GRAPH_BUCKET') }),
};

const messageSchema = z.object({ name: z.string().regex(/^\d{4}-\d\d-\d\d\/[0-9a-f]{64}$/) });

/** What was accepted of OpenLineage goes into the graph. */
export const handler = streamHandler({
  source: 'sqs',
  decode: ({ data }) => parseOrThrow(messageSchema, parseJson(data)),
  handle: oneByOne<'sqs', z.output<typeof messageSchema>>('anyOrder', async ({ name }, { now }) => {
    logger.info('took lineage', { name, ...(await takeLineage(ports, name, now)) });
  }),
});
