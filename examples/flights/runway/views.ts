import { z } from 'zod';

/** What serving reads from the CDN; everything else is left alone. */
export const routingSchema = z.object({
  generation: z.number(),
  arms: z.array(z.object({ version: z.number(), role: z.string(), weightPercent: z.number() })),
  shadows: z.array(z.object({ version: z.number(), until: z.string().optional() })),
  rolloutId: z.string().optional(),
});
export type Routing = z.infer<typeof routingSchema>;

/** What lies in the training-request queue. */
export const trainingRequestSchema = z.object({
  runId: z.string(),
  retrainId: z.string(),
  modelId: z.enum(['late-basic', 'late-live']),
  requestedAt: z.string(),
  championVersion: z.number(),
  championArtifactUri: z.string(),
  correlationId: z.string(),
});
export type TrainingRequest = z.infer<typeof trainingRequestSchema>;
