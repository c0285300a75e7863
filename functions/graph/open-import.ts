import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoImportStore } from '../../shared/adapters/dynamodb/dynamo-import-store.ts';
import { openGraphImport as contract } from '../../shared/api/graph-imports.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { openImport } from '../../shared/use-cases/graph/import/open-import.ts';
import { reportImport } from '../../shared/use-cases/graph/import/report-import.ts';

const imports = createDynamoImportStore({ client: dynamo(), tableName: env('GRAPH_TABLE') });

export const handler = apiHandler(contract, {}, async ({ body, actor, now }) => {
  const opened = await openImport(imports, { ...body, actor, now });
  return { body: reportImport(opened), headers: { location: `/v1/graph/imports/${opened.importId}` } };
});
