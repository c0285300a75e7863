import { hourOfMillis, minuteMillis } from '../time.ts';
import { hoursBetween, sealedAt } from './attribution-window.ts';
import { type JoinEvent, type ProfileKey, profileKey } from './bucket-state.ts';
import type { Cursor } from './cursor.ts';
import type { JoinOutcome } from './join-input.ts';
import { isWaitingKey, type SegmentKey, segmentKey, waitingKey } from './segment.ts';
import type { ServedModel } from './served-model.ts';

type Needs = { readonly segments: readonly SegmentKey[]; readonly profiles: readonly ProfileKey[] };

/** What has to be loaded before the events can be joined. */
export function needsOf(events: readonly JoinEvent[], cursor: Cursor, model: ServedModel): Needs {
  const segments = new Set<SegmentKey>();
  const profiles = new Set<ProfileKey>();
  for (const { event, now } of events) {
    if (event.kind === 'outcome') {
      for (const key of segmentKeysForOutcome(event.record, model, now)) segments.add(key);
      continue;
    }
    const { predictedAt, modelVersion } = event.record;
    segments.add(segmentKey(hourOfMillis(predictedAt)));
    for (const key of waitingKeysFor(predictedAt, cursor.waiting, model)) segments.add(key);
    profiles.add(profileKey(hourOfMillis(predictedAt), modelVersion));
  }
  return { segments: [...segments], profiles: [...profiles] };
}

/** Where an outcome's prediction, or other outcomes of it, may be. `now` in milliseconds since the epoch. */
export function segmentKeysForOutcome(outcome: JoinOutcome, model: ServedModel, now: number): readonly SegmentKey[] {
  const { predictedAt, observedAt } = outcome;
  if (predictedAt !== undefined) return [segmentKey(hourOfMillis(predictedAt))];
  return [...searchedKeys(observedAt, model, now), waitingKey(hourOfMillis(observedAt))];
}

/** Where the prediction of an outcome may be that does not say when it was made; the newest hour last. */
export function searchedKeys(observedAt: number, model: ServedModel, now: number): readonly SegmentKey[] {
  const { attributionWindowMinutes: minutes } = model;
  return hoursBetween(observedAt - minutes * minuteMillis, observedAt)
    .filter((start) => now < sealedAt(start, minutes))
    .map((start) => segmentKey(hourOfMillis(start)));
}

/** Where outcomes may wait that do not say when their prediction was made. */
export function waitingKeysFor(
  predictedAt: number,
  waiting: Cursor['waiting'],
  model: ServedModel,
): readonly SegmentKey[] {
  const keys = Object.keys(waiting).filter(isWaitingKey);
  if (keys.length === 0) return keys;
  const from = waitingKey(hourOfMillis(predictedAt));
  const to = waitingKey(hourOfMillis(predictedAt + model.attributionWindowMinutes * minuteMillis));
  return keys.filter((key) => key >= from && key <= to);
}
