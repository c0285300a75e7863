import { isWithinWindow, sealedAt } from './attribution-window.ts';
import type { BucketDraft } from './bucket-draft.ts';
import type { JoinEvent } from './bucket-state.ts';
import type { JoinBusinessMetric } from './join-input.ts';
import type { JoinRules } from './join-rules.ts';
import { type Truth, unitsKeyAt } from './segment.ts';
import { counterByChange, truthChange } from './truth-change.ts';
import { isRepetition, standingTruth, withTruth } from './truths.ts';
import { armKey } from './unit-arms.ts';

/** Keeps what was said of a unit, and counts it as outcomes are counted. It waits for nothing: no prediction is needed. */
export function addBusinessMetric(
  draft: BucketDraft,
  { now, writer, position }: JoinEvent,
  record: JoinBusinessMetric,
  { model, longestMinutes, isExcluded }: JoinRules,
): void {
  const { unitId, assignedAt, observedAt, value } = record;
  const isInTime = isWithinWindow(assignedAt, observedAt, model.attributionWindowMinutes);
  if (!isInTime || now >= sealedAt(assignedAt, longestMinutes)) {
    draft.counters.lateOutcomes += 1;
    return;
  }
  const key = unitsKeyAt(assignedAt);
  const entry = draft.find(key, unitId);
  const held = entry?.truths ?? [];
  const next: Truth = { observedAt, label: value, itemId: armKey(record), writer, arrivedAt: now };
  if (isRepetition(held, next, isExcluded)) {
    draft.counters.duplicateOutcomes += 1;
    return;
  }
  draft.put(key, entry, { predictionId: unitId, truths: withTruth(held, next).truths });
  if (isExcluded(next)) {
    draft.counters.distrustedOutcomes += 1;
    return;
  }
  const standing = standingTruth(held, next, isExcluded);
  if (standing === undefined) {
    draft.counters.attributed += 1;
    return;
  }
  const change = truthChange(standing, next);
  draft.counters[counterByChange[change]] += 1;
  if (change === 'conflict')
    draft.conflicts.push({ position, now, predictionId: unitId, predictedAt: assignedAt, held: standing, next });
}
