import * as z from 'zod';
import { parseProperties } from '../services/properties.ts';
import { account, region } from '../template/identities.ts';
import type { ResolvedResource } from '../types.ts';
import { compileAll } from './role.ts';
import { documentSchema, type Statement } from './statement.ts';

const policyProperties = z.object({ PolicyDocument: documentSchema });
const permissionProperties = z.object({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

const policyTypes = ['AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy'];

/** What queues, buckets, topics and functions say of who may use them. */
export function readResourcePolicies(ofType: (type: string) => readonly ResolvedResource[]): readonly Statement[] {
  const documents = policyTypes.flatMap(ofType).flatMap((policy) => {
    const { PolicyDocument } = parseProperties(policy, policyProperties);
    return compileAll(policy, PolicyDocument.Statement);
  });
  return [...documents, ...ofType('AWS::Lambda::Permission').flatMap(readPermission)];
}

function readPermission(permission: ResolvedResource): readonly Statement[] {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount } = parseProperties(
    permission,
    permissionProperties,
  );
  const source = SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } };
  const owner = SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } };
  const statement = {
    Effect: 'Allow' as const,
    Action: [Action],
    Resource: [
      FunctionName.startsWith('arn:') ? FunctionName : `arn:aws:lambda:${region}:${account}:function:${FunctionName}`,
    ],
    Principal: { Service: [Principal] },
    Condition: { ...source, ...owner },
  };
  return compileAll(permission, [statement]);
}
