import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { stepFunctions } from '../../shared/adapters/clients/step-functions.ts';
import { createDynamoImportStore } from '../../shared/adapters/dynamodb/dynamo-import-store.ts';
import { createStepFunctionsWorkflowEngine } from '../../shared/adapters/step-functions/step-functions-workflow-engine.ts';
import { commitGraphImport as contract } from '../../shared/api/graph-imports.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { commitImport } from '../../shared/use-cases/graph/import/commit-import.ts';
import { reportImport } from '../../shared/use-cases/graph/import/report-import.ts';

const ports = {
  imports: createDynamoImportStore({ client: dynamo(), tableName: env('GRAPH_TABLE') }),
  workflows: createStepFunctionsWorkflowEngine({
    client: stepFunctions(),
    arns: { importGraph: env('IMPORT_WORKFLOW_ARN') },
  }),
};

export const handler = apiHandler(contract, {}, async ({ params: { importId }, body: { parts }, now }) => ({
  body: reportImport(await commitImport(ports, { importId, parts, now })),
}));
