import { type DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { partsOfContributionId } from '../../domain/graph/provider-contribution.ts';
import { contributionParts } from '../../ports/graph-store.ts';
import type { ProviderContributions } from '../../ports/provider-contributions.ts';
import { callDependency } from '../dependency-error.ts';
import { readContribution } from './graph-items.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

/** Reads the contributions of all, page by page, and holds none of them. */
export function createDynamoProviderContributions({ client, tableName }: Options): ProviderContributions {
  return {
    visit: (provider, take) =>
      callDependency('DynamoDB', async () => {
        for (let shard = 0; shard < contributionParts; shard += 1) {
          const query = {
            TableName: tableName,
            KeyConditionExpression: 'pk = :shard',
            ExpressionAttributeValues: { ':shard': `contributions#${shard}` },
            ConsistentRead: true,
          };
          for await (const { Items = [] } of paginateQuery({ client }, query))
            take(
              Items.filter(({ sk }) => partsOfContributionId(String(sk))?.provider === provider).map(readContribution),
            );
        }
      }),
  };
}
