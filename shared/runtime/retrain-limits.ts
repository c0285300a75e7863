import type { Capacity } from '../domain/retraining/queue/capacity.ts';
import * as z from '../domain/zod.ts';
import { env } from './env.ts';

const positive = z.coerce.number().int().positive();
const capacity = z.strictObject({ each: positive, exceptions: z.record(z.string(), positive) });

/** How many retrains may run at once, as the stage sets it. Throws when it does not. */
export function retrainLimits(): {
  readonly overall: number;
  readonly perTeam: number;
  readonly perOrchestrator: Capacity;
} {
  return {
    overall: positive.parse(env('MAX_CONCURRENT_RETRAINS')),
    perTeam: positive.parse(env('MAX_CONCURRENT_RETRAINS_PER_TEAM')),
    perOrchestrator: capacity.parse(JSON.parse(env('MAX_CONCURRENT_RETRAINS_PER_ORCHESTRATOR'))),
  };
}
