import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from './ground-truth-keys.ts';

type Table = { readonly client: DynamoDBDocumentClient; readonly tableName: string };
type Item = Record<string, unknown>;

const keysPerCall = 100;

/** Items that exist, by `pk sk`, strongly consistent; asks again for what an answer had no room for. */
export async function batchGet(table: Table, keys: readonly ItemKey[]): Promise<ReadonlyMap<string, Item>> {
  const chunks = Array.from({ length: Math.ceil(keys.length / keysPerCall) }, (_, i) =>
    keys.slice(i * keysPerCall, (i + 1) * keysPerCall),
  );
  const items = (await Promise.all(chunks.map((chunk) => getChunk(table, chunk)))).flat();
  return new Map(items.map((item) => [itemId({ pk: String(item.pk), sk: String(item.sk) }), item]));
}

export function itemId({ pk, sk }: ItemKey): string {
  return `${pk} ${sk}`;
}

async function getChunk({ client, tableName }: Table, keys: readonly ItemKey[]): Promise<Item[]> {
  const items: Item[] = [];
  let left: Item[] = keys.map((key) => ({ ...key }));
  while (left.length > 0) {
    const request = { [tableName]: { Keys: left, ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand({ RequestItems: request }));
    items.push(...(Responses?.[tableName] ?? []));
    left = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return items;
}
