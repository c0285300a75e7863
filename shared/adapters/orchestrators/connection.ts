import * as z from '../../domain/zod.ts';

const url = z.url({ protocol: /^https?$/ });
const secretArn = z.string().startsWith('arn:').optional();
// The queue is limited by it, not the adapter.
const common = { maxConcurrentRetrains: z.int().positive().optional() };

/** How the stage reaches an orchestrator: a member of the setting `orchestrators` (docs/orchestrators.md). */
export const connectionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('maestro'),
    baseUrl: url,
    user: z.string().optional(),
    secretArn,
    // Subscribed to when the stage is deployed; functions read the queue.
    eventTopicArn: z.string().optional(),
    ...common,
  }),
  z.strictObject({
    kind: z.literal('metaflow-argo'),
    eventUrl: url,
    secretArn,
    metadataUrl: url,
    metadataSecretArn: secretArn,
    ...common,
  }),
  z.strictObject({
    kind: z.literal('metaflow-step-functions'),
    stateMachineArns: z.array(z.string()).min(1),
    ...common,
  }),
  z.strictObject({ kind: z.literal('step-functions'), stateMachineArns: z.array(z.string()).min(1), ...common }),
  z.strictObject({ kind: z.literal('sagemaker-pipelines'), pipelineArns: z.array(z.string()).min(1), ...common }),
]);
export const connectionsSchema = z.record(z.string(), connectionSchema);

export type Connection = z.output<typeof connectionSchema>;
export type Connections = z.output<typeof connectionsSchema>;
