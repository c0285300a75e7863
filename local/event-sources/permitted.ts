import { parseArn } from '../services/arn.ts';
import type { Guard, WorkSource } from '../types.ts';
import type { OnFailure } from './failure-destination.ts';

/** What Lambda demands of the function's role to read a source. Source: Lambda developer guide, execution roles. */
const actionsToRead: Readonly<Record<string, readonly string[]>> = {
  kinesis: ['kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
  dynamodb: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
};

export type Reader = { readonly role: string; readonly sourceArn: string; readonly guard: Guard };

/** The mapping as long as the function's role may read the source; otherwise it finds no work. */
export function whilePermitted(source: WorkSource, { role, sourceArn, guard }: Reader): WorkSource {
  const actions = actionsToRead[parseArn(sourceArn).service] ?? [];
  const isAllowed = () =>
    actions.every((action) => guard({ principal: role, action, resource: sourceArn }) === undefined);
  return {
    name: source.name,
    pump: async () => isAllowed() && (await source.pump()),
    nextWakeAt: source.nextWakeAt,
  };
}

/** The failure destination as the function's role may write it; what it may not write is lost, as in Lambda. */
export function permittedOnFailure({ sendToQueue, putObject }: OnFailure, role: string, guard: Guard): OnFailure {
  return {
    sendToQueue(queueArn, ...message) {
      const call = { principal: role, action: 'sqs:SendMessage', resource: queueArn };
      if (guard(call) === undefined) sendToQueue(queueArn, ...message);
    },
    async putObject(bucket, key, body) {
      const call = { principal: role, action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}/${key}` };
      if (guard(call) === undefined) await putObject(bucket, key, body);
    },
  };
}
