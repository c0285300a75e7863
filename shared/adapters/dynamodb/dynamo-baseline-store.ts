import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { RunwayError } from '../../domain/errors.ts';
import { packJson, unpackJson } from '../../domain/ground-truth/packed-json.ts';
import type { Baseline } from '../../domain/health/baseline.ts';
import { maximumBaselineBytes } from '../../domain/health/fit-blocks.ts';
import * as z from '../../domain/zod.ts';
import type { BaselineStore } from '../../ports/baseline-store.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const storedItem = z.object({ baseline: z.instanceof(Uint8Array) });

/**
 * One item per model version: `pk` baseline#<modelId>#<version>, `sk` baseline. `put` throws `InvalidRequest` (code
 * `baseline-too-large`) when even deflated it does not fit an item: thousands of long category names that repeat nothing.
 */
export function createDynamoBaselineStore({ client, tableName }: Options): BaselineStore {
  const keyOf = (modelId: string, version: number) => ({ pk: `baseline#${modelId}#${version}`, sk: 'baseline' });
  return {
    get: (modelId, version) =>
      callDependency('DynamoDB', async () => {
        const { Item } = await client.send(
          new GetCommand({ TableName: tableName, Key: keyOf(modelId, version), ConsistentRead: true }),
        );
        return Item && readBaseline(Item);
      }),
    put: (baseline) =>
      callDependency('DynamoDB', async () => {
        const { modelId, version, n, from, to } = baseline;
        const packed = packJson(baseline);
        if (packed.byteLength > maximumBaselineBytes) throw tooLarge(packed.byteLength);
        const Item = { ...keyOf(modelId, version), n, from, to, baseline: packed };
        await client.send(new PutCommand({ TableName: tableName, Item }));
      }),
  };
}

// What is read are our own bytes, under a key that names what they are.
function readBaseline(item: unknown): Baseline {
  return unpackJson(storedItem.parse(item).baseline) as Baseline;
}

function tooLarge(bytes: number): RunwayError {
  const message = `the statistics of the reference window take ${bytes} bytes, expected at most ${maximumBaselineBytes}`;
  return new RunwayError(
    'InvalidRequest',
    'baseline-too-large',
    `${message}: a categorical feature names too many long values`,
  );
}
