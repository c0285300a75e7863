import { dayMillis, type Instant, toMillis } from '../time.ts';
import type { ModelState } from './model.ts';
import type { ModelEvent } from './model-events.ts';

/** Because a rule of the policy says so: at once, and once. */
export function proposeByRule(state: ModelState, reason: string, now: Instant): readonly ModelEvent[] {
  const { modelId, health, deprecationProposal } = state;
  if (deprecationProposal !== undefined) return [];
  const since = health.status === 'at-risk' ? health.since : now;
  return [{ type: 'DeprecationProposed', schemaVersion: 1, modelId, since, reason }];
}

/**
 * Extended staleness: at risk for `policy.deprecationProposalDays` in a row, a model is proposed for deprecation, once until
 * it is healthy again. To deprecate it remains a person's act.
 */
export function proposeDeprecation(state: ModelState, now: Instant): readonly ModelEvent[] {
  const { modelId, health, policy, deprecationProposal } = state;
  if (health.status !== 'at-risk' || deprecationProposal !== undefined) return [];
  const days = (toMillis(now) - toMillis(health.since)) / dayMillis;
  if (days < policy.deprecationProposalDays) return [];
  const causes = health.causes?.join(', ') ?? 'causes that were not kept';
  const reason = `at risk for ${Math.floor(days)} days by ${causes}, proposed after ${policy.deprecationProposalDays}`;
  return [{ type: 'DeprecationProposed', schemaVersion: 1, modelId, since: health.since, reason }];
}
