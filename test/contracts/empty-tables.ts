import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { healthTable } from './evaluation-store.health-table.ts';

export type EmptyTable = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

/** Makes empty tables with the keys that the health table and the graph's table have, on an engine of the test file. */
export function emptyTables(): () => Promise<EmptyTable> {
  let engine: Dynoxide;
  let tables = 0;
  beforeAll(async () => {
    engine = await startDynoxide();
  });
  afterAll(() => engine.stop());
  return async () => {
    tables += 1;
    const tableName = `Table${tables}`;
    await engine.createTable(healthTable(tableName));
    return { client: engine.client, tableName };
  };
}
