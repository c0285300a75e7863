import type { Truth } from './segment.ts';

/**
 * What became of an outcome for a prediction that has one already. `duplicate`: says the same. `corrected`: says
 * otherwise and was observed later. `superseded`: says otherwise and was observed earlier. `conflict`: says otherwise
 * of the same moment; the first stays.
 */
export type TruthChange = 'duplicate' | 'corrected' | 'superseded' | 'conflict';

/**
 * The truth observed last, whatever the order of arrival. A repetition moves `observedAt` on, so that an outcome
 * observed between the two does not count as newer.
 */
export function mergeTruth(held: Truth, next: Truth): { readonly truth: Truth; readonly change: TruthChange } {
  const isNewer = next.observedAt > held.observedAt;
  if (next.label === held.label && next.businessValue === held.businessValue)
    return { truth: isNewer ? next : held, change: 'duplicate' };
  if (next.observedAt === held.observedAt) return { truth: held, change: 'conflict' };
  return isNewer ? { truth: next, change: 'corrected' } : { truth: held, change: 'superseded' };
}
