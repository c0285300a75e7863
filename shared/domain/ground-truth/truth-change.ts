import type { Truth } from './segment.ts';
import { saysTheSame } from './truths.ts';

/**
 * What became of an outcome for a prediction that has one already. `duplicate`: says the same. `corrected`: says
 * otherwise and was observed later. `superseded`: says otherwise and was observed earlier. `conflict`: says otherwise
 * of the same moment; the first stays.
 */
export type TruthChange = 'duplicate' | 'corrected' | 'superseded' | 'conflict';

/** Of `JoinCounters`. */
export const counterByChange = {
  duplicate: 'duplicateOutcomes',
  corrected: 'correctedOutcomes',
  superseded: 'supersededOutcomes',
  conflict: 'conflictingOutcomes',
} as const satisfies Record<TruthChange, string>;

/** `held` is the one that stands; both are about the same. */
export function truthChange(held: Truth, next: Truth): TruthChange {
  if (saysTheSame(held, next)) return 'duplicate';
  if (next.observedAt === held.observedAt) return 'conflict';
  return next.observedAt > held.observedAt ? 'corrected' : 'superseded';
}
