import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { versionConflict } from '../../domain/errors.ts';
import { instantSchema } from '../../domain/time.ts';
import * as z from '../../domain/zod.ts';
import type { EnrichmentProgress, EnrichmentState } from '../../ports/enrichment-progress.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const key = { pk: 'enrichment', sk: 'state' };
const itemSchema = z.object({
  revision: z.number(),
  change: z.number(),
  everythingAt: instantSchema.optional(),
  everything: z.object({ begunAt: z.number(), after: z.string() }).optional(),
  leasedUntil: instantSchema.optional(),
});

/** In the graph table: `pk` enrichment, `sk` state. */
export function createDynamoEnrichmentProgress({ client, tableName }: Options): EnrichmentProgress {
  return {
    get: () =>
      callDependency('DynamoDB', async () => {
        const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
        if (Item === undefined) return { state: { change: 0 }, revision: 0 };
        const { revision, ...state } = itemSchema.parse(Item);
        return { state, revision };
      }),
    put: (state, expectedRevision) =>
      callDependency('DynamoDB', () => put({ client, tableName }, state, expectedRevision)),
  };
}

async function put({ client, tableName }: Options, state: EnrichmentState, expected: number): Promise<number> {
  const revision = expected + 1;
  try {
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...key, ...state, revision },
        ConditionExpression: expected === 0 ? 'attribute_not_exists(pk)' : 'revision = :expected',
        ...(expected > 0 && { ExpressionAttributeValues: { ':expected': expected } }),
      }),
    );
    return revision;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) throw versionConflict('enrichment', expected);
    throw error;
  }
}
