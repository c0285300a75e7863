import { maximumBump } from '../domain/retraining/queue/queue-priority.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';
import { retrain } from './retraining.ts';

const params = z.strictObject({ retrainId: z.string().min(1).max(120) });
const reason = z.string().min(1).max(1_000);
const errors = ['unknown-retrain', 'illegal-transition', 'version-conflict'] as const;

export const holdRetrain = operation({
  id: 'holdRetrain',
  summary: 'Keep a retrain in the queue until it is released.',
  params,
  body: z.strictObject({ reason }),
  response: retrain,
  errors,
});

export const releaseRetrain = operation({
  id: 'releaseRetrain',
  summary: 'Let a held retrain start in its turn.',
  params,
  body: z.strictObject({ reason }),
  response: retrain,
  errors,
});

export const bumpRetrain = operation({
  id: 'bumpRetrain',
  summary: 'Make a retrain of the queue count as so many tiers more urgent; 0 takes that back.',
  params,
  body: z.strictObject({ reason, bump: z.number().int().min(0).max(maximumBump).default(1) }),
  response: retrain,
  errors,
});

export const cancelRetrain = operation({
  id: 'cancelRetrain',
  summary:
    'End a retrain that waits or trains. What its trainer reports afterwards is refused; a rollout can be aborted.',
  params,
  body: z.strictObject({ reason }),
  response: retrain,
  errors,
});
