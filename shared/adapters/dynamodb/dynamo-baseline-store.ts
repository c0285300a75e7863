import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Baseline } from '../../domain/health/baseline.ts';
import { z } from '../../domain/zod.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import { callDependency } from '../dependency-error.ts';
import { packJson, unpackJson } from './packed-json.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const storedItem = z.object({ baseline: z.instanceof(Uint8Array) });

/** One item per model version: `pk` baseline#<modelId>#<version>, `sk` baseline. */
export function createDynamoBaselineStore({ client, tableName }: Options): BaselineStore {
  const keyOf = (modelId: string, version: number) => ({ pk: `baseline#${modelId}#${version}`, sk: 'baseline' });
  return {
    get: (modelId, version) =>
      callDependency('DynamoDB', async () => {
        const { Item } = await client.send(
          new GetCommand({ TableName: tableName, Key: keyOf(modelId, version), ConsistentRead: true }),
        );
        return Item && unpackJson<Baseline>(storedItem.parse(Item).baseline);
      }),
    put: (baseline) =>
      callDependency('DynamoDB', async () => {
        const { modelId, version, n, from, to } = baseline;
        const Item = { ...keyOf(modelId, version), n, from, to, baseline: packJson(baseline) };
        await client.send(new PutCommand({ TableName: tableName, Item }));
      }),
  };
}
