import { SQSClient } from '@aws-sdk/client-sqs';

export function sqs(): SQSClient {
  return new SQSClient({});
}
