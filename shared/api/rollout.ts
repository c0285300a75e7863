import { digestSchema, modelIdSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const modelParams = z.strictObject({ modelId: modelIdSchema });
const rolloutParams = z.strictObject({ rolloutId: z.string().min(1).max(120) });

const verdict = z.enum(['pass', 'fail', 'inconclusive']);
const interval = z.tuple([z.number(), z.number()]).nullable();
/** Bounds that hold at every moment one looks; absent for a hold-out, and before they were kept. */
const sequence = z
  .object({
    /** One-sided, over all steps and looks of the rollout. */
    significance: z.number(),
    unit: z.enum(['hour', 'day']),
    blocks: z.number(),
    /** Rows by now; of the candidate, where the arms are compared. */
    has: z.number(),
    /** Rows at which an equal candidate would be as likely as not to pass, at the variance seen so far. */
    needed: z.number(),
  })
  .optional();
const paired = z.object({
  n: z.number(),
  blocks: z.number(),
  championLoss: z.number().nullable(),
  candidateLoss: z.number().nullable(),
  relativeDifference: z.number().nullable(),
  interval,
  sequence,
});
const sampleRatio = z.object({
  champion: z.number(),
  candidate: z.number(),
  /** Of the candidate, by the routing table, 0..1. */
  expectedRatio: z.number(),
  /** Nats for another ratio than the expected one. */
  logEvidence: z.number(),
  verdict: z.enum(['match', 'mismatch']),
});
const errorCounts = z.object({ requests: z.number(), errors: z.number() });
const arm = z.object({ n: z.number(), mean: z.number().nullable() });
const judgement = z
  .object({
    step: z.number(),
    percent: z.number(),
    judgedAt: instantSchema,
    verdict,
    paired,
    business: z
      .object({
        metric: z.string(),
        champion: arm,
        candidate: arm,
        relativeChange: z.number().nullable(),
        interval,
        verdict,
        sequence,
      })
      .optional(),
    /** Of the rows of this step, whether the arms have the shares that the routing table gives them. */
    sampleRatio: z.object({ served: sampleRatio, labelled: sampleRatio }).optional(),
    errors: z.object({ champion: errorCounts, candidate: errorCounts, verdict, reason: z.string() }).optional(),
    reason: z.string(),
  })
  .meta({ id: 'Judgement' });

export const approvalSchema = z.object({
  approvalId: z.string(),
  /** Canary step that it lets begin, from 0; their number stands for the promotion. */
  before: z.number().int(),
  /** Of the traffic; 100 is the promotion. */
  percent: z.number().int(),
  status: z.enum(['waiting', 'approved', 'rejected', 'expired', 'void']),
  requestedAt: instantSchema,
  expiresAt: instantSchema,
  remindedAt: instantSchema.optional(),
  delegates: z.array(z.string()),
  decidedAt: instantSchema.optional(),
  decidedBy: z.string().optional(),
  comment: z.string().optional(),
});
const gate = z
  .object({
    metric: z.string(),
    /** Which the improvement must exceed: minus the tolerated regression, or the demanded improvement. */
    limit: z.number(),
    n: z.number(),
    test: z.string().nullable(),
    champion: z.number().nullable(),
    candidate: z.number().nullable(),
    /** In the metric's unit, positive where the candidate is better. */
    improvement: z.number().nullable(),
    interval,
    pValue: z.number().nullable(),
    verdict,
    reason: z.string(),
  })
  .meta({ id: 'GateResult' });
const slice = z.object({
  segment: z.string(),
  value: z.string(),
  metric: z.string(),
  n: z.number(),
  champion: z.number(),
  candidate: z.number(),
  improvement: z.number(),
  maximumRegression: z.number(),
  pValue: z.number(),
  regressed: z.boolean(),
});

const loadProbe = z.object({
  probeId: z.string(),
  service: z.string(),
  team: z.string().optional(),
  url: z.string().optional(),
  /** When its address took it. */
  takenAt: instantSchema.optional(),
  version: z.number(),
  artifactUri: z.string(),
  artifactDigest: z.string(),
  environmentLockDigest: z.string(),
  deadline: instantSchema,
  answer: z.object({ loaded: z.boolean(), reason: z.string().optional(), answeredAt: instantSchema }).optional(),
});

const rollout = z
  .object({
    rolloutId: z.string(),
    modelId: modelIdSchema,
    champion: z.number(),
    candidate: z.number(),
    retrainId: z.string().optional(),
    status: z.enum(['validating', 'canary', 'promoted', 'refused', 'rolled-back', 'aborted', 'superseded']),
    /** Who caused it by hand, and therefore approves none of it. */
    requestedBy: z.array(z.string()).optional(),
    startedAt: instantSchema,
    endedAt: instantSchema.optional(),
    policy: z.record(z.string(), z.unknown()),
    validationPolicy: z.record(z.string(), z.unknown()),
    holdout: z.object({ uri: z.string(), digest: z.string() }).optional(),
    /** What consuming services were asked, and what they answered. */
    loadProbes: z.array(loadProbe).optional(),
    loadability: z.object({ verdict, checkedAt: instantSchema, reason: z.string() }).optional(),
    validation: z
      .object({
        verdict,
        judgedAt: instantSchema,
        paired,
        reason: z.string(),
        /** Candidates that the hold-out had judged by then, this one included. */
        holdoutAttempts: z.number().optional(),
        gates: z.array(gate).optional(),
        slices: z
          .object({
            verdict,
            judged: z.number(),
            /** With too few rows to be judged. */
            thin: z.number(),
            worst: z.array(slice),
            reason: z.string(),
          })
          .optional(),
      })
      .optional(),
    step: z.number(),
    stepStartedAt: instantSchema.optional(),
    stepStarts: z.array(instantSchema).optional(),
    judgements: z.array(judgement),
    reason: z.string().optional(),
    approvals: z.array(approvalSchema).optional(),
    /** Present while it is paused: no further step, judged on, rolled back on a breach. */
    pausedAt: instantSchema.optional(),
    pauses: z
      .array(
        z.object({
          by: z.string(),
          reason: z.string(),
          pausedAt: instantSchema,
          resumedAt: instantSchema.optional(),
          resumedBy: z.string().optional(),
        }),
      )
      .optional(),
    /** Who promoted it before its last step had passed. */
    forced: z.object({ by: z.string(), reason: z.string(), forcedAt: instantSchema }).optional(),
    supersededBy: z.number().optional(),
  })
  .meta({ id: 'Rollout' });

const routing = z.object({
  modelId: modelIdSchema,
  generation: z.number(),
  changedAt: instantSchema,
  arms: z.array(
    z.object({ version: z.number(), role: z.enum(['champion', 'challenger', 'candidate']), weightPercent: z.number() }),
  ),
  shadows: z.array(z.object({ version: z.number(), until: instantSchema.optional() })),
  rolloutId: z.string().optional(),
});

export const listRollouts = operation({
  id: 'listRollouts',
  summary: "A model's rollouts, newest first, with every judgement and its evidence.",
  params: modelParams,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: z.string().max(1_000).optional(),
  }),
  response: z.object({ items: z.array(rollout), cursor: z.string().optional() }),
  errors: ['unknown-model', 'invalid-cursor'],
});

export const getRollout = operation({
  id: 'getRollout',
  summary: 'One rollout with every judgement and its evidence.',
  params: rolloutParams,
  response: rollout,
  errors: ['unknown-rollout'],
});

export const abortRollout = operation({
  id: 'abortRollout',
  summary: 'End a rollout: all traffic goes back to the champion.',
  params: rolloutParams,
  body: z.strictObject({ reason: z.string().min(1).max(1_000) }),
  response: rollout,
  errors: ['unknown-rollout', 'illegal-transition', 'version-conflict'],
});

const reason = z.strictObject({ reason: z.string().min(1).max(1_000) });
const operationErrors = ['unknown-rollout', 'illegal-transition', 'version-conflict'] as const;

export const pauseRollout = operation({
  id: 'pauseRollout',
  summary: 'No further step until it is resumed. It is judged on, and a breach rolls back.',
  params: rolloutParams,
  body: reason,
  response: rollout,
  errors: operationErrors,
});

export const resumeRollout = operation({
  id: 'resumeRollout',
  summary: 'End a pause; the time of it counts neither towards the step nor towards an approval.',
  params: rolloutParams,
  body: reason,
  response: rollout,
  errors: operationErrors,
});

export const promoteRollout = operation({
  id: 'promoteRollout',
  summary:
    'Promote a serving candidate now, whatever the running step still waits for. Never after a fail, and not by ' +
    'whoever asked for the rollout.',
  params: rolloutParams,
  body: reason,
  response: rollout,
  errors: [...operationErrors, 'four-eyes'],
});

export const answerLoadProbe = operation({
  id: 'answerLoadProbe',
  summary: 'A consuming service says whether it can load a candidate, before that gets traffic.',
  params: z.strictObject({ probeId: z.string().min(1).max(140) }),
  body: z.strictObject({
    loaded: z.boolean(),
    /** Of the artefact that was tried. */
    artifactDigest: digestSchema,
    reason: z.string().min(1).max(1_000).optional(),
  }),
  response: z.object({ probeId: z.string(), loaded: z.boolean() }),
  errors: ['unknown-probe', 'unknown-rollout', 'other-artifact', 'illegal-transition', 'version-conflict'],
});

export const getRouting = operation({
  id: 'getRouting',
  summary: 'Which version serves which share of the traffic; the table that serving reads, seen from the registry.',
  params: modelParams,
  response: routing,
  errors: ['unknown-model', 'unknown-routing'],
});
