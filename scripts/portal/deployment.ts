import { readFileSync } from 'node:fs';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { z } from 'zod';

/** Where the portal goes, and what it must be told. */
export type Deployment = {
  readonly bucket: string;
  readonly url: string;
  readonly config: { readonly issuer: string; readonly clientId: string; readonly signOutUrl?: string };
  readonly s3: S3ClientConfig;
};

const outputsSchema = z.object({
  PortalBucketName: z.string(),
  CdnUrl: z.string(),
  SignInUrl: z.string(),
  TokenIssuer: z.string(),
  TokenAudience: z.string(),
});
const statusSchema = z.object({
  outputs: outputsSchema,
  environment: z.object({ AWS_ENDPOINT_URL_S3: z.string(), AWS_REGION: z.string() }).loose(),
});

/** From the file that `cdk deploy --all --outputs-file <file>` wrote. AWS is found as every SDK finds it. */
export function readDeployment(outputsFile: string): Deployment {
  const stacks = z
    .record(z.string(), z.record(z.string(), z.string()))
    .parse(JSON.parse(readFileSync(outputsFile, 'utf8')));
  const outputs = outputsSchema.safeParse(Object.assign({}, ...Object.values(stacks)));
  if (!outputs.success) throw new Error(`${outputsFile}: ${z.prettifyError(outputs.error)}`);
  return deploymentOf(outputs.data, {});
}

/** From an embedded cloud that runs. Throws an Error when none does. */
export async function askEmbeddedCloud(apiUrl: string): Promise<Deployment> {
  const response = await fetch(`${apiUrl}/_local/status`);
  const { outputs, environment } = statusSchema.parse(await response.json());
  return deploymentOf(outputs, {
    endpoint: environment.AWS_ENDPOINT_URL_S3,
    region: environment.AWS_REGION,
    credentials: {
      accessKeyId: String(environment.AWS_ACCESS_KEY_ID),
      secretAccessKey: String(environment.AWS_SECRET_ACCESS_KEY),
    },
    forcePathStyle: true,
  });
}

function deploymentOf(outputs: z.infer<typeof outputsSchema>, s3: S3ClientConfig): Deployment {
  return {
    bucket: outputs.PortalBucketName,
    url: outputs.CdnUrl,
    config: {
      issuer: outputs.TokenIssuer,
      clientId: outputs.TokenAudience,
      signOutUrl: `${outputs.SignInUrl}/logout`,
    },
    s3,
  };
}
