import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { packJson, unpackJson } from '../../domain/ground-truth/packed-json.ts';
import type { EmbeddingStability } from '../../domain/health/embedding/embedding-stability.ts';
import * as z from '../../domain/zod.ts';
import type { EmbeddingStabilityStore } from '../../ports/embedding-stability-store.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const storedItem = z.object({ stability: z.instanceof(Uint8Array) });

/** One item per model version: `pk` embedding#<modelId>#<version>, `sk` stability. */
export function createDynamoEmbeddingStabilityStore({ client, tableName }: Options): EmbeddingStabilityStore {
  const keyOf = (modelId: string, version: number) => ({ pk: `embedding#${modelId}#${version}`, sk: 'stability' });
  return {
    get: (modelId, version) =>
      callDependency('DynamoDB', async () => {
        const { Item } = await client.send(
          new GetCommand({ TableName: tableName, Key: keyOf(modelId, version), ConsistentRead: true }),
        );
        // What is read are our own bytes, under a key that names what they are.
        return Item && (unpackJson(storedItem.parse(Item).stability) as EmbeddingStability);
      }),
    put: (stability) =>
      callDependency('DynamoDB', async () => {
        const { modelId, version, comparedAt, report } = stability;
        const shown = { comparedAt, verdict: report?.verdict.kind ?? 'not-compared' };
        const Item = { ...keyOf(modelId, version), ...shown, stability: packJson(stability) };
        await client.send(new PutCommand({ TableName: tableName, Item }));
      }),
  };
}
