import type { Policy } from '../registry/policy.ts';
import { canarySteps } from './rollout.ts';

/** Chance, over one whole rollout, to take a candidate that is exactly at the margin for good, or a good one for bad. */
export const rolloutSignificance = 0.05;

/**
 * How often a rollout can be judged at most: each step when its hold time ends and, while inconclusive, after every
 * further hold time up to the maximum.
 */
export function plannedLooks(policy: Policy['rollout']): number {
  return Math.max(1, canarySteps(policy).length * Math.ceil(Math.max(1, policy.maximumHoldHours / policy.holdHours)));
}

/**
 * Level of one test at one look. The rollout's level is divided evenly over looks and metrics (Bonferroni), so that
 * looking repeatedly does not inflate errors; it costs power, which an anytime-valid test would give back.
 */
export function significancePerLook(policy: Policy['rollout'], metrics: number): number {
  return rolloutSignificance / (plannedLooks(policy) * metrics);
}
