import { parseArn } from '../services/arn.ts';
import { ServiceError } from '../types.ts';
import { type Action, arn, listOf, type ServiceRequest, textOf } from './action.ts';

const tableArn = (nameOrArn: string) =>
  nameOrArn.startsWith('arn:') ? nameOrArn : arn('dynamodb', `table/${nameOrArn}`);

/** Parts of a transaction → the action that each needs. Source: Service authorization reference, DynamoDB. */
const partActions: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/** Operations on one table whose action has their name. */
const onOneTable = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'DescribeTable'];
const ofTheAccount = ['CreateTable', 'ListTables', 'DescribeTimeToLive', 'UpdateTimeToLive', 'UpdateTable'];

export function dynamoDbActions({ operation, input }: ServiceRequest): readonly Action[] {
  if (operation.startsWith('TransactGet') || operation.startsWith('TransactWrite'))
    return listOf(input, 'TransactItems').flatMap(actionsOfPart);
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem')
    return Object.keys(Object(input.RequestItems)).map((table) => ({
      action: `dynamodb:${operation}`,
      resource: tableArn(table),
    }));
  const action = `dynamodb:${operation}`;
  if (onOneTable.includes(operation)) {
    const table = tableArn(textOf(input, 'TableName'));
    return [{ action, resource: input.IndexName === undefined ? table : `${table}/index/${input.IndexName}` }];
  }
  if (ofTheAccount.includes(operation)) return [{ action, resource: arn('dynamodb', 'table/*') }];
  throw new ServiceError('UnknownOperationException', `DynamoDB ${operation} is not mapped to a permission`);
}

function actionsOfPart(part: unknown): readonly Action[] {
  return Object.entries(Object(part)).map(([kind, content]) => {
    const action = partActions[kind];
    if (action === undefined) throw new ServiceError('ValidationException', `a transaction cannot ${kind}`);
    return { action, resource: tableArn(textOf(content, 'TableName')) };
  });
}

/** Only mappings and tests read streams; the engine's own stream ARNs name the table as ours do. */
export function dynamoDbStreamActions({ operation, input }: ServiceRequest): readonly Action[] {
  const stream = input.StreamArn;
  const resource = typeof stream === 'string' ? arn('dynamodb', parseArn(stream).resource) : '*';
  return [{ action: `dynamodb:${operation}`, resource }];
}
