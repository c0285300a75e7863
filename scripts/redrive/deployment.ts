import { readFileSync } from 'node:fs';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';

const outputsSchema = z.object({
  EventStreamName: z.string(),
  FailureBucketName: z.string(),
  JoinFailuresQueueUrl: z.string(),
  ArchiveFailuresQueueUrl: z.string(),
});
type Outputs = z.infer<typeof outputsSchema>;
type Environment = Readonly<Record<string, string>>;

/** A deployment, and how its services are reached; without an environment as every SDK finds AWS. */
export type Place = { readonly outputs: Outputs; readonly environment?: Environment };

/** From the file that `cdk deploy --all --outputs-file <file>` wrote. Throws an Error naming outputs that are missing. */
export function readOutputs(file: string): Place {
  const stacks = z.record(z.string(), z.record(z.string(), z.string())).parse(JSON.parse(readFileSync(file, 'utf8')));
  const outputs = outputsSchema.safeParse(Object.assign({}, ...Object.values(stacks)));
  if (!outputs.success) throw new Error(`${file}: ${z.prettifyError(outputs.error)}`);
  return { outputs: outputs.data };
}

/** From an embedded cloud that runs. Throws an Error when none does. */
export async function whereIsEmbeddedCloud(apiUrl: string): Promise<Place> {
  const answer = await (await fetch(`${apiUrl}/_local/status`)).json();
  return z.object({ outputs: outputsSchema, environment: z.record(z.string(), z.string()) }).parse(answer);
}

export type Connection = ReturnType<typeof connect>;

/** Close it when done. */
export function connect({ outputs, environment }: Place) {
  const kinesis = new KinesisClient(configOf('KINESIS', environment));
  const sqs = new SQSClient(configOf('SQS', environment));
  const s3 = new S3Client({ ...configOf('S3', environment), forcePathStyle: environment !== undefined });
  const close = () => {
    for (const client of [kinesis, sqs, s3]) client.destroy();
  };
  return { kinesis, sqs, s3, streamName: outputs.EventStreamName, failureBucket: outputs.FailureBucketName, close };
}

/** How the SDK's client of a service finds it. */
export function configOf(service: string, environment: Environment | undefined) {
  if (environment === undefined) return {};
  const { AWS_REGION: region = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = environment;
  return {
    region,
    endpoint: environment[`AWS_ENDPOINT_URL_${service}`] ?? '',
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  };
}
