import { z } from 'zod';

/** The parts of Runway's answers that the timeline and the summary tell from. */
const verdict = z.enum(['pass', 'fail', 'inconclusive']);

const commit = z.object({
  version: z.number(),
  occurredAt: z.string(),
  reason: z.string(),
  events: z.array(z.looseObject({ type: z.string() })),
});
export type Commit = z.infer<typeof commit>;
export const historySchema = z.object({ items: z.array(commit), cursor: z.string().optional() });

const signal = z.object({ name: z.string(), verdict: z.string(), reason: z.string() });
const evaluation = z.object({
  evaluatedAt: z.string(),
  kind: z.string(),
  version: z.number(),
  verdict: z.string(),
  causes: z.array(z.string()),
  signals: z.array(signal),
  summary: z.string(),
});
export type Evaluation = z.infer<typeof evaluation>;
export const evaluationsSchema = z.object({ items: z.array(evaluation), cursor: z.string().optional() });

const retrain = z.object({
  retrainId: z.string(),
  status: z.string(),
  requestedAt: z.string(),
  triggers: z.array(z.object({ cause: z.string(), reason: z.string() })),
  candidateVersion: z.number().optional(),
  failure: z.string().optional(),
});
export type Retrain = z.infer<typeof retrain>;
export const retrainsSchema = z.object({ items: z.array(retrain) });

const rollout = z.object({
  rolloutId: z.string(),
  champion: z.number(),
  candidate: z.number(),
  retrainId: z.string().optional(),
  status: z.enum(['validating', 'canary', 'promoted', 'refused', 'rolled-back', 'aborted']),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  loadability: z.object({ verdict, checkedAt: z.string(), reason: z.string() }).optional(),
  validation: z.object({ verdict, judgedAt: z.string(), reason: z.string() }).optional(),
  judgements: z.array(z.object({ percent: z.number(), judgedAt: z.string(), verdict, reason: z.string() })),
  reason: z.string().optional(),
});
export type Rollout = z.infer<typeof rollout>;
export const rolloutsSchema = z.object({ items: z.array(rollout) });

export const versionDetailSchema = z.object({
  version: z.number(),
  trainingDataEnd: z.string(),
  trainingDataStart: z.string().optional(),
  offlineMetrics: z.record(z.string(), z.number()),
});
