import type { S3Client } from '@aws-sdk/client-s3';
import * as z from '../domain/zod.ts';
import type { RoutingPublisher } from '../ports/routing-publisher.ts';
import { createKmsRoutingSigner } from './kms/kms-routing-signer.ts';
import { createRoutedPublisher } from './routed-publisher.ts';
import { createS3RoutingPublisher } from './s3/s3-routing-publisher.ts';
import { createSageMakerEndpointRouter } from './sagemaker/sagemaker-endpoint-router.ts';

/** What the stage is connected with, besides the bucket of its routing tables; settings of the same names. */
const connectionsSchema = z.strictObject({
  signingKeyArn: z.string().optional(),
  /** ARNs by model. */
  sagemakerEndpoints: z.record(z.string(), z.string()).default({}),
});

/** Where the routing of this stage goes; `connections` is JSON. */
export function connectRouting({
  client,
  bucketName,
  connections,
}: {
  readonly client: S3Client;
  readonly bucketName: string;
  readonly connections: string;
}): RoutingPublisher {
  const { signingKeyArn, sagemakerEndpoints } = connectionsSchema.parse(JSON.parse(connections));
  const sign = signingKeyArn === undefined ? undefined : createKmsRoutingSigner({ keyArn: signingKeyArn });
  const table = createS3RoutingPublisher({ client, bucketName, ...(sign && { sign }) });
  const routers = new Map(
    Object.entries(sagemakerEndpoints).map(([modelId, arn]) => [modelId, createSageMakerEndpointRouter({ arn })]),
  );
  return createRoutedPublisher(table, (modelId) => routers.get(modelId));
}
