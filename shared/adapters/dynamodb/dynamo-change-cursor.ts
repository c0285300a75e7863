import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from '../../domain/zod.ts';
import type { ChangeCursor } from '../../ports/change-cursor.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const itemSchema = z.object({ change: z.number().int().min(0) });

/** In the graph table: `pk` cursor, `sk` who follows. */
export function createDynamoChangeCursor({ client, tableName }: Options, follower: string): ChangeCursor {
  const key = { pk: 'cursor', sk: follower };
  return {
    get: () =>
      callDependency('DynamoDB', async () => {
        const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
        return Item === undefined ? 0 : itemSchema.parse(Item).change;
      }),
    put: async (change) => {
      const put = new PutCommand({ TableName: tableName, Item: { ...key, change } });
      await callDependency('DynamoDB', () => client.send(put));
    },
  };
}
