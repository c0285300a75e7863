import { hourMillis, hourOfMillis, minuteMillis } from '../time.ts';
import { hoursBetween, sealedAt } from './attribution-window.ts';
import { type JoinEvent, type ProfileKey, profileKey } from './bucket-state.ts';
import type { Cursor } from './cursor.ts';
import type { JoinOutcome } from './join-input.ts';
import { type JoinRules, rulesOf } from './join-rules.ts';
import {
  isWaitingKey,
  type SegmentKey,
  segmentKeyAt,
  type Truth,
  truthOf,
  unitsKeyAt,
  waitingKeyAt,
} from './segment.ts';
import type { ServedModel } from './served-model.ts';

type Needs = { readonly segments: readonly SegmentKey[]; readonly profiles: readonly ProfileKey[] };

/** What has to be loaded before the events can be joined. */
export function needsOf(events: readonly JoinEvent[], cursor: Cursor, model: ServedModel): Needs {
  const rules = rulesOf(model);
  const segments = new Set<SegmentKey>();
  const profiles = new Set<ProfileKey>();
  const seen = new Set<number>();
  for (const { event, now } of events) {
    if (event.kind === 'outcome') {
      for (const key of keysForOutcome(event.record, rules, now)) segments.add(key);
      continue;
    }
    if (event.kind === 'business-metric') {
      segments.add(unitsKeyAt(event.record.assignedAt));
      continue;
    }
    const { predictedAt, modelVersion } = event.record;
    for (const key of waitingKeysFor(predictedAt, cursor.waiting, rules)) segments.add(key);
    // Most of a batch are of the same hour and version.
    const place = Math.floor(predictedAt / hourMillis) * 100_000 + modelVersion;
    if (seen.has(place)) continue;
    seen.add(place);
    segments.add(segmentKeyAt(predictedAt));
    profiles.add(profileKey(hourOfMillis(predictedAt), modelVersion));
  }
  return { segments: [...segments], profiles: [...profiles] };
}

/** Where an outcome's prediction, or other outcomes of it, may be. `now` in milliseconds since the epoch. */
export function segmentKeysForOutcome(outcome: JoinOutcome, model: ServedModel, now: number): readonly SegmentKey[] {
  return keysForOutcome(outcome, rulesOf(model), now);
}

function keysForOutcome(outcome: JoinOutcome, rules: JoinRules, now: number): readonly SegmentKey[] {
  if (outcome.predictedAt !== undefined) return [segmentKeyAt(outcome.predictedAt)];
  const truth = truthOf(outcome, { writer: '', now, primaryType: rules.primaryType });
  return [...searchedKeys(truth, rules, now), waitingKeyAt(outcome.observedAt)];
}

/** Where the prediction of an outcome may be that does not say when it was made; the newest hour last. */
export function searchedKeys(
  { observedAt, outcomeType }: Truth,
  { reachMinutes, longestMinutes }: JoinRules,
  now: number,
): readonly SegmentKey[] {
  return hoursBetween(observedAt - reachMinutes(outcomeType) * minuteMillis, observedAt)
    .filter((start) => now < sealedAt(start, longestMinutes))
    .map(segmentKeyAt);
}

/** Where outcomes may wait that do not say when their prediction was made. */
export function waitingKeysFor(
  predictedAt: number,
  waiting: Cursor['waiting'],
  { longestMinutes }: JoinRules,
): readonly SegmentKey[] {
  const keys = Object.keys(waiting).filter(isWaitingKey);
  if (keys.length === 0) return keys;
  const from = waitingKeyAt(predictedAt);
  const to = waitingKeyAt(predictedAt + longestMinutes * minuteMillis);
  return keys.filter((key) => key >= from && key <= to);
}
