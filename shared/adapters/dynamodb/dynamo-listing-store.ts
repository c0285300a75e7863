import { type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { ProviderId } from '../../domain/graph/provider-contribution.ts';
import { dayMillis, toMillis } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { ListingStore } from '../../ports/listing-store.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

/** A provider is reconciled at least once a week. */
const keptDays = 30;
const item = z.object({ bytes: z.instanceof(Uint8Array) });
const partitionOf = (provider: ProviderId, generation: number) => `listing#${provider}#${generation}`;

/** In the graph table: `pk` listing#<provider>#<generation>, `sk` number of the page. */
export function createDynamoListingStore({ client, tableName }: Options): ListingStore {
  return {
    put: (provider, { generation, page, bytes, now }) =>
      callDependency('DynamoDB', async () => {
        const key = { pk: partitionOf(provider, generation), sk: String(page).padStart(8, '0') };
        const expiresAt = Math.floor((toMillis(now) + keptDays * dayMillis) / 1_000);
        await client.send(new PutCommand({ TableName: tableName, Item: { ...key, bytes, expiresAt } }));
      }),
    read: (provider, generation) =>
      callDependency('DynamoDB', async () => {
        const pages: Uint8Array[] = [];
        const query = {
          TableName: tableName,
          KeyConditionExpression: 'pk = :listing',
          ExpressionAttributeValues: { ':listing': partitionOf(provider, generation) },
          ConsistentRead: true,
        };
        for await (const { Items = [] } of paginateQuery({ client }, query))
          pages.push(...Items.map((each) => item.parse(each).bytes));
        return pages;
      }),
  };
}
