import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { EventCounter } from '../../ports/event-counter.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const countedSchema = z.object({ events: z.number() });
// The stream keeps records for a day or more, and they are counted by when they arrived.
const keptSeconds = 8 * 86_400;

/** One item per writer and minute; `expiresAt` in seconds only collects garbage. */
export function createDynamoEventCounter({ client, tableName }: Options): EventCounter {
  return {
    add: (writer, minute, events) =>
      callDependency('DynamoDB', async () => {
        const { Attributes } = await client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { pk: `writer-events#${writer}#${minute}` },
            UpdateExpression: 'ADD #events :events SET expiresAt = :expiresAt',
            ExpressionAttributeNames: { '#events': 'events' },
            ExpressionAttributeValues: {
              ':events': events,
              ':expiresAt': toMillis(`${minute}:00.000Z`) / 1_000 + keptSeconds,
            },
            ReturnValues: 'UPDATED_NEW',
          }),
        );
        return countedSchema.parse(Attributes).events;
      }),
  };
}
