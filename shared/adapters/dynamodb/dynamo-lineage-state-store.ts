import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { versionConflict } from '../../domain/errors.ts';
import type { LineageState } from '../../domain/graph/openlineage/lineage-state.ts';
import type { StateKey } from '../../domain/graph/openlineage/state-deltas.ts';
import { packJson, unpackJson } from '../../domain/ground-truth/packed-json.ts';
import { dayMillis, toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { LineageStateStore, StoredLineageState } from '../../ports/lineage-state-store.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };
type Keys = Record<string, unknown>[];

const itemsPerGet = 100;
/** A run says nothing more after so long; jobs and datasets stay. */
const runDays = 90;

const stateItem = z.object({ key: z.string(), revision: z.number(), state: z.instanceof(Uint8Array) });

/** In the graph's table, `pk` openlineage#<digest of the key>, because a key may be longer than DynamoDB takes. */
export function createDynamoLineageStateStore({ client, tableName }: Options): LineageStateStore {
  return {
    getMany: (keys) => callDependency('DynamoDB', () => getMany({ client, tableName }, keys)),
    put: ({ key, state, expectedRevision }, now) =>
      callDependency('DynamoDB', async () => {
        const expiresAt = Math.floor((toMillis(now) + runDays * dayMillis) / 1_000);
        const Item = {
          ...itemKey(key),
          key,
          revision: expectedRevision + 1,
          state: packJson(state),
          ...(state.kind === 'run' && { expiresAt }),
        };
        const unmoved =
          expectedRevision === 0
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: 'revision = :expected',
                ExpressionAttributeValues: { ':expected': expectedRevision },
              };
        try {
          await client.send(new PutCommand({ TableName: tableName, Item, ...unmoved }));
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) throw versionConflict(key, expectedRevision);
          throw error;
        }
      }),
  };
}

async function getMany({ client, tableName }: Options, wanted: readonly StateKey[]) {
  const found: StoredLineageState[] = [];
  for (let from = 0; from < wanted.length; from += itemsPerGet) {
    let keys: Keys = wanted.slice(from, from + itemsPerGet).map(itemKey);
    while (keys.length > 0) {
      const RequestItems = { [tableName]: { Keys: keys, ConsistentRead: true } };
      const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand({ RequestItems }));
      found.push(...(Responses?.[tableName] ?? []).map(readState));
      keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
    }
  }
  return found;
}

// What is packed are our own bytes, under a key that names what they are.
function readState(item: unknown): StoredLineageState {
  const { state, ...rest } = stateItem.parse(item);
  return { ...rest, state: unpackJson(state) as LineageState };
}

function itemKey(key: StateKey): { readonly pk: string; readonly sk: string } {
  return { pk: `openlineage#${createHash('sha256').update(key).digest('hex')}`, sk: 'state' };
}
