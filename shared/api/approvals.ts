import { modelIdSchema } from '../domain/registry/schemas.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';
import { approvalSchema } from './rollout.ts';

const params = z.strictObject({ approvalId: z.string().min(1).max(140) });
const comment = z.string().min(1).max(1_000).optional();

const approval = approvalSchema
  .extend({
    rolloutId: z.string(),
    modelId: modelIdSchema,
    team: z.string(),
    champion: z.number().int(),
    candidate: z.number().int(),
    /** Who asked for the rollout and therefore does not approve it. */
    requestedBy: z.array(z.string()),
    onExpiry: z.enum(['roll-back', 'proceed']),
    isPaused: z.boolean(),
    /** The newest verdict that it rests on. */
    evidence: z.object({ verdict: z.string(), reason: z.string(), judgedAt: instantSchema }).optional(),
  })
  .meta({ id: 'Approval' });

export const listApprovals = operation({
  id: 'listApprovals',
  summary:
    'What waits for the caller’s decision: of the teams that the caller approves for, or delegated to the caller. ' +
    'A page may hold fewer than asked for while there are more.',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: z.string().max(1_000).optional(),
  }),
  response: z.object({ items: z.array(approval), cursor: z.string().optional() }),
  errors: ['invalid-cursor'],
});

export const getApproval = operation({
  id: 'getApproval',
  summary: 'One approval, decided or not, with the verdict that it rests on.',
  params,
  response: approval,
  errors: ['unknown-approval'],
});

export const decideApproval = operation({
  id: 'decideApproval',
  summary:
    'Approve or reject what a rollout waits for. Whoever asked for the rollout cannot approve it; a rejection ends it.',
  params,
  body: z.strictObject({ decision: z.enum(['approve', 'reject']), comment }),
  response: approval,
  errors: ['unknown-approval', 'illegal-transition', 'four-eyes', 'version-conflict'],
});

export const delegateApproval = operation({
  id: 'delegateApproval',
  summary: 'Let somebody else decide as well. Neither by nor to whoever asked for the rollout.',
  params,
  body: z.strictObject({
    to: z.string().min(1).max(200).meta({ description: 'the other’s id, as the token’s subject says it' }),
    comment,
  }),
  response: approval,
  errors: ['unknown-approval', 'illegal-transition', 'four-eyes', 'version-conflict'],
});
