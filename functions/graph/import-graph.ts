import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { s3 } from '../../shared/adapters/clients/s3.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoImportStore } from '../../shared/adapters/dynamodb/dynamo-import-store.ts';
import { createS3ImportFiles } from '../../shared/adapters/s3/s3-import-files.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { importGraph as contract, maxUnpackedBytes } from '../../shared/api/graph-imports.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { readNdjsonBody } from '../../shared/runtime/ndjson-body.ts';
import { commitImport, putImportPart } from '../../shared/use-cases/graph/import/commit-import.ts';
import { openImport } from '../../shared/use-cases/graph/import/open-import.ts';
import { reportImport } from '../../shared/use-cases/graph/import/report-import.ts';

const ports = {
  imports: createDynamoImportStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }),
  files: createS3ImportFiles({ client: s3(), bucketName: env('GRAPH_BUCKET') }),
  workflows: createStepFunctionsWorkflowEngine({
    client: stepFunctions(),
    arns: { importGraph: env('IMPORT_WORKFLOW_ARN') },
  }),
};

/** The three steps of an import at once; sent again it is another import, which changes nothing. */
export const handler = apiHandler(contract, {}, async ({ query, actor, now, raw }) => {
  const body = readNdjsonBody(raw, { maxBodyBytes: contract.maxBodyBytes, maxUnpackedBytes });
  const { importId } = await openImport(ports.imports, { ...query, actor, now });
  await putImportPart(ports, { importId, part: 1, ...body });
  const begun = await commitImport(ports, { importId, parts: 1, now });
  return { body: reportImport(begun), headers: { location: `/v1/graph/imports/${importId}` } };
});
