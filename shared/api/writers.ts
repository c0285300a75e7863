import { writerScopeSchema, writerSettingsSchema } from '../domain/ground-truth/writer.ts';
import { teamSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

const writerName = z.string().regex(/^[a-z][a-z0-9-]{0,62}\/[A-Za-z0-9._-]{1,64}$/, 'expected <team>/<name>');
const writerParams = z.strictObject({ team: teamSchema, name: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/) });
const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(1_000).optional(),
};
const reason = z.string().min(1).max(1_000);

const distrust = z.object({
  /** Counts a writer's distrusts from 1. */
  distrustId: z.number(),
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  reason: z.string(),
  since: instantSchema,
  by: z.string(),
});

const writer = z
  .object({
    writer: z.string(),
    team: z.string(),
    registeredAt: instantSchema,
    scopes: z.array(writerScopeSchema),
    eventsPerMinute: z.number(),
    /** Absent when its OpenLineage events may be about any. */
    lineageNamespaces: z.array(z.string()).optional(),
    /** Present generation of its key: `keyId` of the records it signs. */
    keyId: z.number(),
    formerKeys: z.array(z.object({ keyId: z.number(), validUntil: instantSchema })),
    revokedAt: instantSchema.optional(),
    /** In force: outcomes that arrived from `from` until before `to` are excluded; an absent end is open. */
    distrusts: z.array(distrust),
    /** How often it was distrusted or trusted again. */
    trustRevision: z.number(),
    /** Up to which of them restatements have begun. */
    restatedRevision: z.number(),
  })
  .meta({ id: 'Writer' });

const issuedKey = z.object({
  writer: z.string(),
  keyId: z.number(),
  key: z.string(),
  /** To send along with OpenLineage events, of a writer with the scope `lineage`. */
  lineageKey: z.string().optional(),
});

export const issueWriterKey = operation({
  id: 'issueWriterKey',
  summary:
    'Register a writer, or change those of its settings that are given. Answers the key with which it signs what it puts on the event stream: the same until it is rotated.',
  body: writerSettingsSchema.extend({ writer: writerName }),
  response: issuedKey,
  errors: ['reserved-writer', 'illegal-transition'],
});

export const listWriters = operation({
  id: 'listWriters',
  summary: 'All registered writers, or those of a team, by name.',
  query: z.strictObject({ team: teamSchema.optional(), ...pageQuery }),
  response: z.object({ items: z.array(writer), cursor: z.string().optional() }),
  errors: ['invalid-cursor'],
});

export const getWriter = operation({
  id: 'getWriter',
  summary: 'A writer: what it may write, which of its keys are good, since when it is distrusted.',
  params: writerParams,
  response: writer,
  errors: ['unknown-writer'],
});

export const rotateWriterKey = operation({
  id: 'rotateWriterKey',
  summary:
    'Issue a new key. What is signed with the former one is taken until the overlap is over. Repeated with the same Idempotency-Key it answers the present key.',
  params: writerParams,
  body: z.strictObject({
    /** 0 when the former key has got into wrong hands. */
    overlapHours: z.number().min(0).max(720).default(24),
    reason,
  }),
  response: issuedKey.extend({ formerValidUntil: instantSchema }),
  errors: ['unknown-writer', 'reserved-writer', 'illegal-transition', 'precondition-failed', 'version-conflict'],
});

export const revokeWriter = operation({
  id: 'revokeWriter',
  summary: 'Take nothing more from a writer, for good. What it wrote before stays until it is distrusted.',
  params: writerParams,
  body: z.strictObject({ reason }),
  response: writer,
  errors: ['unknown-writer', 'reserved-writer', 'precondition-failed', 'version-conflict'],
});

export const distrustWriter = operation({
  id: 'distrustWriter',
  summary:
    'Exclude the outcomes of a writer that arrived in a span, from now on and in what was counted already: a restatement begins within minutes.',
  params: writerParams,
  body: z.strictObject({
    /** @default everything that arrived before `to` */
    from: instantSchema.optional(),
    /** @default everything that arrives, too, until the writer is trusted again */
    to: instantSchema.optional(),
    reason,
  }),
  response: writer,
  errors: ['unknown-writer', 'empty-span', 'precondition-failed', 'version-conflict'],
});

export const trustWriter = operation({
  id: 'trustWriter',
  summary: 'Take a distrust back: the outcomes it excluded count again after a restatement.',
  params: writerParams,
  body: z.strictObject({ distrustId: z.number().int().min(1), reason }),
  response: writer,
  errors: ['unknown-writer', 'unknown-distrust', 'precondition-failed', 'version-conflict'],
});

export const listRestatements = operation({
  id: 'listRestatements',
  summary:
    'How far what was counted is corrected for what a writer is trusted with now, model by model, the latest first.',
  params: writerParams,
  query: z.strictObject(pageQuery),
  response: z.object({
    items: z.array(
      z.object({
        restatementId: z.string(),
        writer: z.string(),
        modelId: z.string(),
        /** `trustRevision` of the writer that it brings the model's figures to. */
        revision: z.number(),
        status: z.enum(['running', 'completed']),
        /** Of the model's buckets, how many are done. */
        buckets: z.number(),
        bucketsDone: z.number(),
        /** Hours of buckets whose figures were computed again. */
        hours: z.number(),
        /** UTC days of predictions that the batch layer joins again. */
        days: z.object({ from: z.string(), to: z.string() }).optional(),
        startedAt: instantSchema,
        completedAt: instantSchema.optional(),
      }),
    ),
    cursor: z.string().optional(),
  }),
  errors: ['invalid-cursor'],
});
