import type { CascadePlan, PlannedCycle } from '../../domain/retraining/cascade/cascade-plan.ts';

export type ShortenedPlan = CascadePlan & { readonly truncated: boolean };

/** The first `maximum` retrains, exclusions, and cuts of cycles; sums and counts stay those of the whole plan. */
export function shortenPlan(plan: CascadePlan, maximum: number): ShortenedPlan {
  const cycles: PlannedCycle[] = [];
  let left = maximum;
  let isCut = false;
  for (const { members, cuts } of plan.cycles) {
    isCut ||= members.length > maximum || cuts.length > left;
    if (left > 0) cycles.push({ members: members.slice(0, maximum), cuts: cuts.slice(0, left) });
    left = Math.max(0, left - cuts.length);
  }
  return {
    ...plan,
    retrains: plan.retrains.slice(0, maximum),
    excluded: plan.excluded.slice(0, maximum),
    cycles,
    truncated: isCut || plan.retrains.length > maximum || plan.excluded.length > maximum,
  };
}
