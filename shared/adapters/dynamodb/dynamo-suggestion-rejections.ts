import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { edgeId } from '../../domain/graph/contribution.ts';
import { edgeTypeNames } from '../../domain/graph/edge-types.ts';
import { instantSchema } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { SuggestionRejection, SuggestionRejections } from '../../ports/suggestion-rejections.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const partition = 'suggestion-rejections';
const itemSchema = z.object({
  edge: z.object({ from: z.string(), type: z.enum(edgeTypeNames), to: z.string() }),
  by: z.string(),
  reason: z.string(),
  at: instantSchema,
});

/** In the graph table: `pk` suggestion-rejections, `sk` a digest of the edge, which is longer than a key may be. */
export function createDynamoSuggestionRejections({ client, tableName: TableName }: Options): SuggestionRejections {
  return {
    reject: (rejection) =>
      callDependency('DynamoDB', async () => {
        const sk = createHash('sha256').update(edgeId(rejection.edge)).digest('hex');
        await client.send(new PutCommand({ TableName, Item: { pk: partition, sk, ...rejection } }));
      }),
    all: () =>
      callDependency('DynamoDB', async () => {
        const found = new Map<string, SuggestionRejection>();
        const query = {
          TableName,
          KeyConditionExpression: 'pk = :partition',
          ExpressionAttributeValues: { ':partition': partition },
          ConsistentRead: true,
        };
        for await (const { Items = [] } of paginateQuery({ client }, query))
          for (const item of Items) {
            const rejection = itemSchema.parse(item);
            found.set(edgeId(rejection.edge), rejection);
          }
        return found;
      }),
  };
}
