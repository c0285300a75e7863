import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { versionConflict } from '../../domain/errors.ts';
import type { CanaryState } from '../../domain/health/detection-canary/canary-state.ts';
import type { CanaryStore } from '../../ports/canary-store.ts';
import { callDependency } from '../dependency-error.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const key = { pk: 'detection-canary', sk: 'state' };

/** One item: `pk` detection-canary, `sk` state. */
export function createDynamoCanaryStore({ client, tableName }: Options): CanaryStore {
  return {
    get: () =>
      callDependency('DynamoDB', async () => {
        const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
        return Item && (JSON.parse(String(Item.state)) as CanaryState);
      }),
    put: (state) =>
      callDependency('DynamoDB', async () => {
        const condition =
          state.revision === 1
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                ConditionExpression: 'revision = :before',
                ExpressionAttributeValues: { ':before': state.revision - 1 },
              };
        const Item = { ...key, revision: state.revision, state: JSON.stringify(state) };
        try {
          await client.send(new PutCommand({ TableName: tableName, Item, ...condition }));
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          throw versionConflict(`${key.pk}#${key.sk}`, state.revision - 1);
        }
      }),
  };
}
