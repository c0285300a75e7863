import { describe, expect, test } from 'vitest';
import { createPermissions, type Decision, root } from '../../../local/permissions/permissions.ts';
import type { ResolvedResource } from '../../../local/types.ts';
import { resource } from '../services/fixtures.ts';

const roleArn = 'arn:aws:iam::000000000000:role/reader';
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Books';
const queue = 'arn:aws:sqs:us-east-1:000000000000:Orders';
const bucket = 'arn:aws:s3:::pages';

const trust = {
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};

function role(...Statement: readonly object[]): ResolvedResource {
  const Policies = [{ PolicyName: 'own', PolicyDocument: { Statement } }];
  return resource('AWS::IAM::Role', 'reader', roleArn, { AssumeRolePolicyDocument: trust, Policies });
}
const of =
  (...resources: readonly ResolvedResource[]) =>
  (type: string) =>
    resources.filter((candidate) => candidate.type === type);
const permissionsOf = (...statements: readonly object[]) => createPermissions(of(role(...statements)));
const allow = (Action: string | string[], Resource: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const isAllowed = ({ refusal }: Decision) => refusal === undefined;

describe('a role', () => {
  test('may do what a statement allows, and nothing else', () => {
    const { decide } = permissionsOf(allow(['dynamodb:GetItem', 'dynamodb:Query'], table));
    expect(isAllowed(decide(roleArn, 'dynamodb:Query', table))).toBe(true);
    expect(decide(roleArn, 'dynamodb:PutItem', table).refusal).toBe(
      `${roleArn} is not authorized to perform: dynamodb:PutItem on resource: ${table} because no policy allows it`,
    );
    expect(isAllowed(decide(roleArn, 'dynamodb:Query', `${table}/index/byAuthor`))).toBe(false);
  });

  test('reads `*` and `?` in actions and resources, and nothing else as a pattern', () => {
    const { decide } = permissionsOf(allow('s3:Get*', `${bucket}/a?.(x)/*`));
    expect(isAllowed(decide(roleArn, 's3:GetObject', `${bucket}/ab.(x)/deep/er`))).toBe(true);
    expect(isAllowed(decide(roleArn, 's3:GetObject', `${bucket}/abc.(x)/y`))).toBe(false);
    expect(isAllowed(decide(roleArn, 's3:PutObject', `${bucket}/ab.(x)/y`))).toBe(false);
  });

  test('is denied what any statement denies', () => {
    const { decide } = permissionsOf(allow('s3:*', '*'), { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' });
    expect(isAllowed(decide(roleArn, 's3:GetObject', `${bucket}/x`))).toBe(true);
    expect(decide(roleArn, 's3:DeleteObject', `${bucket}/x`).refusal).toContain('with an explicit deny');
  });

  test('is allowed under a condition only where it holds', () => {
    const condition = { Condition: { StringLike: { 's3:prefix': ['routing/*'] } } };
    const { decide } = permissionsOf(allow('s3:ListBucket', bucket, condition));
    expect(isAllowed(decide(roleArn, 's3:ListBucket', bucket, { 's3:prefix': 'routing/x' }))).toBe(true);
    expect(isAllowed(decide(roleArn, 's3:ListBucket', bucket, { 's3:prefix': 'models/x' }))).toBe(false);
  });

  test('is nobody when it is not in the template', () => {
    expect(isAllowed(permissionsOf().decide('arn:aws:iam::000000000000:role/other', 's3:GetObject', bucket))).toBe(
      false,
    );
  });
});

describe('what would be misread is refused at load', () => {
  test.each([
    [
      'condition operator DateLessThan',
      allow('s3:*', '*', { Condition: { DateLessThan: { 'aws:CurrentTime': 'x' } } }),
    ],
    ['condition key aws:SourceIp', allow('s3:*', '*', { Condition: { StringEquals: { 'aws:SourceIp': 'x' } } })],
    ['NotAction', { Effect: 'Allow', NotAction: 's3:*', Resource: '*' }],
  ])('%s', (what, statement) => {
    expect(() => permissionsOf(statement)).toThrow(what);
    expect(() => permissionsOf(statement)).toThrow('reader');
  });

  test('a managed policy that nobody wrote down', () => {
    const properties = { AssumeRolePolicyDocument: trust, ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUser'] };
    const load = () => createPermissions(of(resource('AWS::IAM::Role', 'reader', roleArn, properties)));
    expect(load).toThrow('managed policy arn:aws:iam::aws:policy/PowerUser is not emulated');
  });
});

test('a service may do what the resource’s policy says, for that source', () => {
  const statement = allow('sqs:SendMessage', queue, {
    Principal: { Service: 'events.amazonaws.com' },
    Condition: { ArnEquals: { 'aws:SourceArn': 'arn:rule' } },
  });
  const policy = resource('AWS::SQS::QueuePolicy', 'OrdersPolicy', '', { PolicyDocument: { Statement: [statement] } });
  const { decide } = createPermissions(of(policy));
  const send = (sourceArn: string) =>
    isAllowed(decide('events.amazonaws.com', 'sqs:SendMessage', queue, { 'aws:sourcearn': sourceArn }));
  expect([send('arn:rule'), send('arn:other')]).toEqual([true, false]);
});

test('the account’s root may do everything that nobody denies', () => {
  const statement = { Effect: 'Deny', Action: 's3:*', Resource: `${bucket}/secret`, Principal: '*' };
  const policy = resource('AWS::S3::BucketPolicy', 'PagesPolicy', '', { PolicyDocument: { Statement: statement } });
  const { decide } = createPermissions(of(policy));
  expect(isAllowed(decide(root, 's3:GetObject', `${bucket}/x`))).toBe(true);
  expect(isAllowed(decide(root, 's3:GetObject', `${bucket}/secret`))).toBe(false);
});

test('each call is told with the grant that allowed it, also when the decision is remembered', () => {
  const told: Decision[] = [];
  const { decide } = createPermissions(
    of(role(allow(['s3:GetObject', 's3:PutObject'], [bucket, `${bucket}/*`]))),
    (decision) => told.push(decision),
  );
  decide(roleArn, 's3:PutObject', `${bucket}/x`);
  decide(roleArn, 's3:PutObject', `${bucket}/x`);
  const grant = { holder: 'reader', action: 's3:PutObject', resource: `${bucket}/*` };
  expect(told.map((decision) => decision.grant)).toEqual([grant, grant]);
});
