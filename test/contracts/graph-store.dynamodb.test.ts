import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoGraphStore } from '../../shared/adapters/dynamodb/dynamo-graph-store.ts';
import { createDynamoRebuildStore } from '../../shared/adapters/dynamodb/dynamo-rebuild-store.ts';
import type { GraphStore } from '../../shared/ports/graph-store.ts';
import { type Dynoxide, startDynoxide } from './dynoxide.ts';
import { healthTable } from './evaluation-store.health-table.ts';
import { contributionOf, graphStoreContract } from './graph-store.contract.ts';
import { rebuildStoreContract } from './rebuild-store.contract.ts';

let engine: Dynoxide;
beforeAll(async () => {
  engine = await startDynoxide();
});
afterAll(() => engine.stop());

/** The graph's table has the health table's keys. */
async function tableNamed(tableName: string) {
  await engine.createTable(healthTable(tableName));
  return { client: engine.client, tableName };
}

describe('graph store on DynamoDB', () => {
  let store: GraphStore;
  beforeAll(async () => {
    store = createDynamoGraphStore(await tableNamed('Graph'));
  });
  graphStoreContract(() => store);
});

describe('rebuild store on DynamoDB', () => {
  let tables = 0;
  rebuildStoreContract(async () => {
    tables += 1;
    return createDynamoRebuildStore(await tableNamed(`Rebuilds${tables}`));
  });
});

describe('a log whose beginning has expired', () => {
  it('says so to whoever has not read that far, and serves everyone else', async () => {
    const table = await tableNamed('Expired');
    const store = createDynamoGraphStore(table);
    const now = '2001-02-01T00:00:00.000Z';
    for (const streamId of ['a', 'b', 'c'])
      await store.put({
        streamId,
        version: 1,
        appliedVersion: 0,
        contribution: contributionOf(streamId, 1),
        expectedRevision: 0,
        isChanged: true,
        now,
      });
    for (const change of [1, 2]) {
      const Key = { pk: 'log', sk: `change#${String(change).padStart(12, '0')}` };
      await engine.client.send(new DeleteCommand({ TableName: table.tableName, Key }));
    }
    expect(await store.changesAfter(0)).toBeUndefined();
    expect(await store.changesAfter(2)).toHaveLength(1);
    expect(await store.changesAfter(3)).toEqual([]);
  });
});
