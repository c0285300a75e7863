import { dynamo } from '../../shared/adapters/clients/dynamodb.ts';
import { createDynamoImportStore } from '../../shared/adapters/dynamodb/dynamo-import-store.ts';
import { getGraphImport as contract } from '../../shared/api/graph-imports.ts';
import { apiHandler } from '../../shared/runtime/api-handler.ts';
import { env } from '../../shared/runtime/env.ts';
import { getImport } from '../../shared/use-cases/graph/import/open-import.ts';
import { reportImport } from '../../shared/use-cases/graph/import/report-import.ts';

const imports = createDynamoImportStore({ client: dynamo(), tableName: env('GRAPH_TABLE') });

export const handler = apiHandler(contract, {}, async ({ params: { importId } }) => ({
  body: reportImport(await getImport(imports, importId)),
}));
