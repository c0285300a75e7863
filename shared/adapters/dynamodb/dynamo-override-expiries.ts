import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { instantSchema } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { OverrideExpiries, OverrideExpiry } from '../../ports/override-expiries.ts';
import { callDependency } from '../dependency-error.ts';

const partition = 'override-expiries';
const most = 100;
const itemSchema = z.object({ subject: z.string(), expiresAt: instantSchema });
const keyOf = ({ subject, expiresAt }: OverrideExpiry) => ({ pk: partition, sk: `${expiresAt} ${subject}` });

/** In the graph table: `pk` override-expiries, `sk` <when> <subject>. */
export function createDynamoOverrideExpiries({
  client,
  tableName: TableName,
}: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): OverrideExpiries {
  return {
    note: (expiry) =>
      callDependency('DynamoDB', async () => {
        await client.send(new PutCommand({ TableName, Item: { ...keyOf(expiry), ...expiry } }));
      }),
    due: (now) =>
      callDependency('DynamoDB', async () => {
        const { Items = [] } = await client.send(
          new QueryCommand({
            TableName,
            // A blank sorts before everything that follows a moment.
            KeyConditionExpression: 'pk = :notes AND sk < :after',
            ExpressionAttributeValues: { ':notes': partition, ':after': `${now}!` },
            ConsistentRead: true,
            Limit: most,
          }),
        );
        return Items.map((item) => itemSchema.parse(item));
      }),
    forget: (expiry) =>
      callDependency('DynamoDB', async () => {
        await client.send(new DeleteCommand({ TableName, Key: keyOf(expiry) }));
      }),
  };
}
