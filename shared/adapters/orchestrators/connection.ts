import * as z from '../../domain/zod.ts';

const url = z.url({ protocol: /^https?$/ });
const secretArn = z.string().startsWith('arn:').optional();

/** How the stage reaches an orchestrator: a member of the setting `orchestrators` (docs/orchestrators.md). */
export const connectionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('maestro'), baseUrl: url, user: z.string().optional(), secretArn }),
  z.strictObject({
    kind: z.literal('metaflow-argo'),
    eventUrl: url,
    secretArn,
    metadataUrl: url,
    metadataSecretArn: secretArn,
  }),
  z.strictObject({ kind: z.literal('metaflow-step-functions'), stateMachineArns: z.array(z.string()).min(1) }),
  z.strictObject({ kind: z.literal('step-functions'), stateMachineArns: z.array(z.string()).min(1) }),
  z.strictObject({ kind: z.literal('sagemaker-pipelines'), pipelineArns: z.array(z.string()).min(1) }),
]);
export const connectionsSchema = z.record(z.string(), connectionSchema);

export type Connection = z.output<typeof connectionSchema>;
export type Connections = z.output<typeof connectionsSchema>;
