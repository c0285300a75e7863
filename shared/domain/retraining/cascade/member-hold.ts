import type { ModelState } from '../../registry/model.ts';
import { type Instant, toMillis } from '../../time.ts';
import { createOffPeak, type OffPeakWindow } from '../queue/off-peak.ts';
import type { DecisionFacts } from '../rules/decision-facts.ts';
import { timeHold } from '../rules/retrain-hold.ts';

export type MemberHoldInput = {
  readonly model: ModelState;
  readonly facts: DecisionFacts;
  /** Of a cascade with a large blast radius. */
  readonly window: OffPeakWindow | undefined;
  readonly hasPlace: boolean;
  readonly now: Instant;
};

/**
 * What keeps a member waiting although its turn has come, and passes: its rollback, its policy's freeze, budget or
 * off-peak hours, the batch before. A retrain that is open already is joined at any time.
 */
export function memberHold({ model, facts, window, hasPlace, now }: MemberHoldInput): string | undefined {
  if (model.lifecycle === 'rollback') return 'a rollback is under way';
  if (model.openRetrain !== undefined) return undefined;
  const hold = timeHold(facts);
  if (hold !== undefined) return hold.reason;
  const offPeak = model.policy.retraining.cascade?.offPeak ?? window;
  if (offPeak !== undefined && !createOffPeak(offPeak).isOpen(toMillis(now)))
    return `outside the off-peak hours of its cascades (${offPeak.from} to ${offPeak.to} ${offPeak.timeZone})`;
  return hasPlace ? undefined : 'the batch before it trains';
}
