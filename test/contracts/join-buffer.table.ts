import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** Keys as the state stack declares them for the ground-truth table. */
export const groundTruthTable: CreateTableCommandInput = {
  TableName: 'GroundTruth',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
};
