import { describe, expect, test } from 'vitest';
import { createServiceActions } from '../../../local/edge/service-actions.ts';
import { taskToken } from '../../../local/step-functions/task-token.ts';

const actions = createServiceActions([], (_bucket, key) => key !== 'missing');
const base = 'us-east-1:000000000000';
const table = (name: string) => `arn:aws:dynamodb:${base}:table/${name}`;

function needed(service: string, operation: string, input: object, headers: Record<string, string> = {}) {
  const request = { method: 'POST', path: '/', query: '', headers, operation, input: { ...input } };
  return actions[service]?.(request).map(({ action, resource }) => `${action} ${resource}`);
}
function s3(method: string, pathAndQuery: string, headers: Record<string, string> = {}) {
  const [path = '', query = ''] = pathAndQuery.split('?');
  return actions.s3?.({ method, path, query, headers, operation: '', input: {} });
}

describe('DynamoDB', () => {
  test('a transaction needs the permission of each of its parts', () => {
    const parts = ['Put', 'Update', 'Delete', 'ConditionCheck'].map((kind) => ({ [kind]: { TableName: 'T' } }));
    expect(needed('dynamodb', 'TransactWriteItems', { TransactItems: parts })).toEqual([
      `dynamodb:PutItem ${table('T')}`,
      `dynamodb:UpdateItem ${table('T')}`,
      `dynamodb:DeleteItem ${table('T')}`,
      `dynamodb:ConditionCheckItem ${table('T')}`,
    ]);
  });

  test('a query of an index needs the index', () => {
    expect(needed('dynamodb', 'Query', { TableName: 'T', IndexName: 'byName' })).toEqual([
      `dynamodb:Query ${table('T/index/byName')}`,
    ]);
  });

  test('a batch needs each of its tables', () => {
    expect(needed('dynamodb', 'BatchGetItem', { RequestItems: { A: {}, B: {} } })).toEqual([
      `dynamodb:BatchGetItem ${table('A')}`,
      `dynamodb:BatchGetItem ${table('B')}`,
    ]);
  });

  test('an operation whose permission is not known is refused', () => {
    expect(() => needed('dynamodb', 'ExecuteStatement', { Statement: 'SELECT' })).toThrow('ExecuteStatement');
  });
});

describe('S3', () => {
  test.each([
    ['GET', '/b/k/with%20space', 's3:GetObject', 'arn:aws:s3:::b/k/with space'],
    ['HEAD', '/b/k', 's3:GetObject', 'arn:aws:s3:::b/k'],
    ['PUT', '/b/k', 's3:PutObject', 'arn:aws:s3:::b/k'],
    ['DELETE', '/b/k', 's3:DeleteObject', 'arn:aws:s3:::b/k'],
    ['GET', '/b?list-type=2&prefix=p/', 's3:ListBucket', 'arn:aws:s3:::b'],
  ])('%s %s needs %s', (method, path, action, resource) => {
    expect(s3(method, path)).toMatchObject([{ action, resource }]);
  });

  test('to be told that an object is missing takes the right to list', () => {
    expect(s3('GET', '/b/missing')?.map(({ action }) => action)).toEqual(['s3:GetObject', 's3:ListBucket']);
  });

  test('a list tells its prefix, an upload its access rule, and a copy reads its source', () => {
    expect(s3('PUT', '/b/k', { 'x-amz-acl': 'private' })?.[0]?.context).toEqual({ 's3:x-amz-acl': 'private' });
    expect(s3('GET', '/b?list-type=2&prefix=p%2F')?.[0]?.context).toEqual({ 's3:prefix': 'p/' });
    expect(s3('PUT', '/b/k', { 'x-amz-copy-source': '/other/o' })?.[1]).toEqual({
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::other/o',
    });
  });
});

test('an answer to a task needs the machine that its token names', () => {
  const machine = `arn:aws:states:${base}:stateMachine:Train`;
  const token = taskToken({ arn: `arn:aws:states:${base}:execution:Train:run-1`, visit: 0, retries: [] });
  expect(needed('states', 'SendTaskSuccess', { taskToken: token })).toEqual([`states:SendTaskSuccess ${machine}`]);
});

test('a batch of messages needs the permission of one', () => {
  const QueueUrl = 'http://127.0.0.1:1/000000000000/Orders';
  expect(needed('sqs', 'SendMessageBatch', { QueueUrl })).toEqual([`sqs:SendMessage arn:aws:sqs:${base}:Orders`]);
});

test('a graph query needs what its words do, not what its texts say', () => {
  const query = (text: string) =>
    actions['neptune-db']?.({
      method: 'POST',
      path: '/openCypher',
      query: '',
      headers: {},
      operation: '',
      input: { query: text },
    }).map(({ action }) => action.replace('neptune-db:', ''));
  expect(query(`MATCH (n {name: 'set and delete'}) RETURN n`)).toEqual(['ReadDataViaQuery']);
  expect(query('MERGE (n) SET n.x = 1')).toEqual(['ReadDataViaQuery', 'WriteDataViaQuery']);
  expect(query('MATCH (n) DETACH DELETE n')).toEqual(['ReadDataViaQuery', 'DeleteDataViaQuery']);
});
