import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';

// Region, credentials and endpoints come from the environment (`AWS_REGION`, `AWS_ENDPOINT_URL_*`), as the SDK reads
// them everywhere. Each function calls these at module load, once.

/** `undefined` members are left out, so that optional fields can be stored as they are. */
export function dynamo(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });
}

/** Path style only against a local endpoint, where bucket host names do not resolve. */
export function s3(): S3Client {
  return new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined });
}

export function sqs(): SQSClient {
  return new SQSClient({});
}

/** Over HTTP/1.1: the HTTP/2 default keeps a session open between invocations and buys a single producer nothing. */
export function kinesis(): KinesisClient {
  return new KinesisClient({ requestHandler: new NodeHttpHandler() });
}

export function stepFunctions(): SFNClient {
  return new SFNClient({});
}

export function eventBridge(): EventBridgeClient {
  return new EventBridgeClient({});
}

export function secrets(): SecretsManagerClient {
  return new SecretsManagerClient({});
}
