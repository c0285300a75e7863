import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

// A file for each client, so that a function loads only those it uses. Region, credentials and endpoints come from the
// environment (`AWS_REGION`, `AWS_ENDPOINT_URL_*`), as the SDK reads them everywhere. Each is made once, at module load.

/** `undefined` members are left out, so that optional fields can be stored as they are. */
export function dynamo(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });
}
