import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { sqs } from '../../shared/adapters/clients/sqs.ts';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createDynamoImportStore } from '../../shared/adapters/dynamodb/dynamo-import-store.ts';
import { createS3ImportFiles } from '../../shared/adapters/s3/s3-import-files.ts';
import { createSqsGraphHints } from '../../shared/adapters/sqs/sqs-graph-hints.ts';
import * as z from '../../shared/domain/zod.ts';
import { env } from '../../shared/runtime/env.ts';
import { parseJson } from '../../shared/runtime/parse-json.ts';
import { reportLostHint } from '../../shared/runtime/report-lost-hint.ts';
import { taskHandler } from '../../shared/runtime/task-handler.ts';
import { createHintingStore } from '../../shared/use-cases/graph/hinting-store.ts';
import { failImport, stepImport } from '../../shared/use-cases/graph/import/step-import.ts';

const table = { client: dynamo(), tableName: env('GRAPH_TABLE') };
const ports = {
  imports: createDynamoImportStore(table),
  store: createHintingStore(
    createDynamoGraphStore(table),
    createSqsGraphHints({ client: sqs(), queueUrl: env('GRAPH_CHANGES_QUEUE_URL') }),
    reportLostHint,
  ),
  files: createS3ImportFiles({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
  parseLine: parseJson,
};

const inputSchema = z.object({ importId: z.string(), do: z.enum(['step', 'fail']) });

export const handler = taskHandler(inputSchema, async ({ importId, now, do: what }) => {
  const { status } =
    what === 'step' ? await stepImport(ports, importId, now) : await failImport(ports.imports, importId, now);
  return { status };
});
