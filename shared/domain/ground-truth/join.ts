import { hourOfMillis, hourStart, toMillis } from '../time.ts';
import { isWithinWindow, sealedAt } from './attribution-window.ts';
import { changesOf } from './bucket-changes.ts';
import { BucketDraft } from './bucket-draft.ts';
import { type BucketChanges, type BucketState, type JoinEvent, profileKey } from './bucket-state.ts';
import { advance } from './cursor.ts';
import { withChanges } from './day-changes.ts';
import { featuresOf } from './feature-columns.ts';
import type { JoinOutcome, JoinPrediction } from './join-input.ts';
import { searchedKeys, waitingKeysFor } from './join-needs.ts';
import { mergeTruth, type TruthChange } from './merge-truth.ts';
import {
  type BufferedPrediction,
  hourOfKey,
  isSegmentKey,
  type SegmentKey,
  segmentKey,
  type Truth,
  truthOf,
  waitingKey,
} from './segment.ts';
import type { ServedModel } from './served-model.ts';

/** Outcomes kept for one prediction that has not come; only a faulty producer sends more. */
const maximumWaiting = 16;

/**
 * Joins predictions and outcomes of one bucket, whichever comes first, and computes the aggregates of the hours they
 * touch. The result does not depend on the order of arrival, except that of two contradicting records of the same
 * moment the first stays. Performance and paired sums are computed anew from the whole hour and not corrected by
 * differences: a restated label cannot leave rounding errors behind, and every copy of the sums agrees to the last bit.
 * Profiles are only added to, because segments do not keep features; they are counts, hence exact.
 * A prediction is known by its id within the hour it was made in; those of sealed hours are refused by validation.
 * Throws when the state lacks what `needsOf` names.
 */
export function join(
  state: BucketState,
  events: readonly JoinEvent[],
  model: ServedModel,
): { readonly state: BucketState; readonly changes: BucketChanges } {
  const draft = new BucketDraft(state.cursor, state.segments);
  for (const { event, now } of events) {
    if (event.kind === 'prediction') addPrediction(draft, event.record, model);
    else addOutcome(draft, event.record, model, now);
  }
  giveUpSealed(draft, model, events.at(-1)?.now ?? 0);
  const changes = changesOf(draft, state, model);
  return { changes, state: nextState(state, draft, changes, events, model) };
}

function addPrediction(draft: BucketDraft, record: JoinPrediction, model: ServedModel): void {
  const { predictionId, modelVersion, score, features } = record;
  const hour = hourOfMillis(record.predictedAt);
  const key = segmentKey(hour);
  const held = draft.find(key, predictionId);
  if (held?.prediction !== undefined) {
    draft.counters.duplicatePredictions += 1;
    return;
  }
  const prediction = buffered(record);
  draft.counters.predictions += 1;
  draft.put(key, { predictionId, prediction });
  draft.touchAggregates(hour, prediction);
  draft.addRow(hour, modelVersion, { features: featuresOf(features), score });
  const early = held?.waiting ?? [];
  if (early.length > 0) draft.countWaiting(key, -early.length);
  for (const truth of [...early, ...takeWaiting(draft, predictionId, record.predictedAt, model)]) {
    attribute(draft, hour, predictionId, truth, model);
  }
}

function buffered({ modelVersion, predictedAt, score, shadows, rolloutId }: JoinPrediction): BufferedPrediction {
  return {
    version: modelVersion,
    predictedAt,
    score,
    shadows,
    ...(rolloutId === undefined ? {} : { rolloutId }),
  };
}

/** Removes and returns the outcomes that do not say when their prediction was made and that fit this one. */
function takeWaiting(draft: BucketDraft, predictionId: string, predictedAt: number, model: ServedModel): Truth[] {
  const taken: Truth[] = [];
  for (const key of waitingKeysFor(predictedAt, draft.waiting, model)) {
    const entry = draft.find(key, predictionId);
    if (entry?.prediction !== undefined || entry === undefined) continue;
    const fits = ({ observedAt }: Truth) => isWithinWindow(predictedAt, observedAt, model.attributionWindowMinutes);
    const rest = entry.waiting.filter((truth) => !fits(truth));
    if (rest.length === entry.waiting.length) continue;
    if (rest.length === 0) draft.remove(key, entry);
    else draft.put(key, { predictionId, waiting: rest });
    draft.countWaiting(key, rest.length - entry.waiting.length);
    taken.push(...entry.waiting.filter(fits));
  }
  return taken;
}

function addOutcome(draft: BucketDraft, record: JoinOutcome, model: ServedModel, now: number): void {
  const { predictionId } = record;
  const truth = truthOf(record);
  const at = record.predictedAt ?? record.observedAt;
  const hour = hourOfMillis(at);
  if (now >= sealedAt(at, model.attributionWindowMinutes)) {
    draft.counters[record.predictedAt === undefined ? 'orphanedOutcomes' : 'lateOutcomes'] += 1;
    return;
  }
  const key =
    record.predictedAt === undefined ? search(draft, predictionId, truth.observedAt, model, now) : segmentKey(hour);
  if (key !== undefined && draft.find(key, predictionId)?.prediction !== undefined)
    attribute(draft, hourOfKey(key), predictionId, truth, model);
  else wait(draft, key ?? waitingKey(hour), predictionId, truth);
}

/** The newest hour that has a prediction of that id for which the outcome is in time. */
function search(draft: BucketDraft, predictionId: string, observedAt: number, model: ServedModel, now: number) {
  return searchedKeys(observedAt, model, now).findLast((key) => {
    const predictedAt = draft.find(key, predictionId)?.prediction?.predictedAt;
    return predictedAt !== undefined && isWithinWindow(predictedAt, observedAt, model.attributionWindowMinutes);
  });
}

function wait(draft: BucketDraft, key: SegmentKey, predictionId: string, truth: Truth): void {
  const entry = draft.find(key, predictionId);
  const waiting = entry?.prediction === undefined ? (entry?.waiting ?? []) : [];
  const isRepeated = waiting.some((held) => held.observedAt === truth.observedAt && isSameTruth(held, truth));
  if (isRepeated) draft.counters.duplicateOutcomes += 1;
  else if (waiting.length >= maximumWaiting) draft.counters.conflictingOutcomes += 1;
  else {
    draft.put(key, { predictionId, waiting: [...waiting, truth] });
    draft.countWaiting(key, 1);
  }
}

function isSameTruth(left: Truth, right: Truth): boolean {
  return left.label === right.label && left.businessValue === right.businessValue;
}

const counterByChange = {
  duplicate: 'duplicateOutcomes',
  corrected: 'correctedOutcomes',
  superseded: 'supersededOutcomes',
  conflict: 'conflictingOutcomes',
} as const satisfies Record<TruthChange, string>;

/** The prediction is in the hour's segment. */
function attribute(draft: BucketDraft, hour: string, predictionId: string, next: Truth, model: ServedModel): void {
  const key = segmentKey(hour);
  const entry = draft.find(key, predictionId);
  if (entry?.prediction === undefined) throw new Error(`no prediction ${predictionId} in ${key}`);
  const { prediction, truth: held } = entry;
  if (!isWithinWindow(prediction.predictedAt, next.observedAt, model.attributionWindowMinutes)) {
    draft.counters.lateOutcomes += 1;
    return;
  }
  const { truth, change } = held === undefined ? { truth: next, change: undefined } : mergeTruth(held, next);
  draft.counters[change === undefined ? 'attributed' : counterByChange[change]] += 1;
  if (truth === held) return;
  draft.put(key, { predictionId, prediction, truth });
  if (held === undefined || !isSameTruth(held, truth)) draft.touchAggregates(hour, prediction);
}

/** Outcomes whose prediction can no longer come. */
function giveUpSealed(draft: BucketDraft, model: ServedModel, now: number): void {
  for (const key in draft.waiting) {
    if (!isSegmentKey(key)) continue;
    if (now < sealedAt(toMillis(hourStart(hourOfKey(key))), model.attributionWindowMinutes)) continue;
    draft.counters.orphanedOutcomes += draft.waiting[key] ?? 0;
    delete draft.waiting[key];
  }
}

function nextState(
  state: BucketState,
  draft: BucketDraft,
  changes: BucketChanges,
  events: readonly JoinEvent[],
  model: ServedModel,
): BucketState {
  const segments = new Map(state.segments);
  for (const { key, segment } of draft.changed()) segments.set(key, segment);
  const profiles = new Map(state.profiles);
  for (const { hour, version, profile } of changes.profiles) profiles.set(profileKey(hour, version), profile);
  const positions = advance(
    state.cursor.positions,
    events.map(({ position }) => position),
  );
  const { counters, waiting } = draft;
  const revision = state.cursor.revision + 1;
  const held = state.cursor.changes;
  const hours = [...changes.profiles, ...changes.performance].map(({ hour }) => hour);
  const { attributionWindowMinutes } = model;
  const now = events.at(-1)?.now ?? 0;
  // A bucket that began without them never gets them: what it changed before is not known.
  const kept = held && { changes: withChanges(held, { revision, hours, now, attributionWindowMinutes }) };
  return { segments, profiles, cursor: { revision, positions, counters, waiting, ...kept } };
}
