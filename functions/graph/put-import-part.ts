import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { createDynamoImportStore } from '../../shared/adapters/dynamodb/dynamo-import-store.ts';
import { createS3ImportFiles } from '../../shared/adapters/s3/s3-import-files.ts';
import { putGraphImportPart as contract, maxUnpackedBytes } from '../../shared/api/graph-imports.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { readNdjsonBody } from '../../shared/runtime/ndjson-body.ts';
import { putImportPart } from '../../shared/use-cases/graph/import/commit-import.ts';
import { reportImport } from '../../shared/use-cases/graph/import/report-import.ts';

const ports = {
  imports: createDynamoImportStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }),
  files: createS3ImportFiles({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
};

export const handler = apiHandler(contract, {}, async ({ params, raw }) => {
  const body = readNdjsonBody(raw, { maxBodyBytes: contract.maxBodyBytes, maxUnpackedBytes });
  return { body: reportImport(await putImportPart(ports, { ...params, ...body })) };
});
