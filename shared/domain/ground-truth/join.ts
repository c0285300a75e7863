import { hourStart, toMillis } from '../time.ts';
import { addBusinessMetric } from './add-business-metric.ts';
import { sealedAt } from './attribution-window.ts';
import { settled } from './bucket-changes.ts';
import { BucketDraft } from './bucket-draft.ts';
import type { BucketChanges, BucketState, JoinEvent } from './bucket-state.ts';
import type { JoinOutcome, JoinPrediction } from './join-input.ts';
import { searchedKeys, waitingKeysFor } from './join-needs.ts';
import { type JoinRules, rulesOf } from './join-rules.ts';
import { isJudgedOtherwise, rankingDepth } from './ranked-list.ts';
import {
  type BufferedPrediction,
  type Entry,
  hourOfKey,
  isSegmentKey,
  type SegmentKey,
  segmentKeyAt,
  type Truth,
  truthOf,
  waitingKeyAt,
} from './segment.ts';
import { segmentMask } from './segment-mask.ts';
import type { ServedModel } from './served-model.ts';
import { counterByChange, truthChange } from './truth-change.ts';
import { isKnownTheSame, isRepetition, knownTruth, standingTruth, withTruth } from './truths.ts';

type Known = Entry & { readonly prediction: BufferedPrediction };

const noTruths: readonly Truth[] = [];
const noShadows: BufferedPrediction['shadows'] = [];

/**
 * Joins predictions and outcomes of one bucket, whichever comes first, and computes the aggregates of the hours they
 * touch. The result does not depend on the order of arrival, except that of two contradicting records of the same
 * moment the first stays. Performance and paired sums are exact (`exact-sum.ts`): a restated label is taken away without
 * a trace, and every copy of the sums agrees to the last bit. Profiles are only added to, because segments do not keep features; they are counts, hence exact.
 * A prediction is known by its id within the hour it was made in; those of sealed hours are refused by validation.
 * Throws when the state lacks what `needsOf` names.
 */
export function join(
  state: BucketState,
  events: readonly JoinEvent[],
  model: ServedModel,
): { readonly state: BucketState; readonly changes: BucketChanges } {
  const rules = rulesOf(model);
  const draft = new BucketDraft(state.cursor, state.segments);
  for (const event of events) {
    if (event.event.kind === 'prediction') addPrediction(draft, event, event.event.record, rules);
    else if (event.event.kind === 'outcome') addOutcome(draft, event, event.event.record, rules);
    else addBusinessMetric(draft, event, event.event.record, rules);
  }
  giveUpSealed(draft, rules, events.at(-1)?.now ?? 0);
  return settled(draft, state, events, rules);
}

function addPrediction(draft: BucketDraft, event: JoinEvent, record: JoinPrediction, rules: JoinRules): void {
  const { predictionId, predictedAt } = record;
  const key = segmentKeyAt(predictedAt);
  const held = draft.find(key, predictionId);
  if (held?.prediction !== undefined) {
    draft.counters.duplicatePredictions += 1;
    return;
  }
  const prediction = buffered(record, rules);
  draft.counters.predictions += 1;
  const entry: Known = { predictionId, prediction, truths: noTruths };
  draft.put(key, held, entry);
  draft.touch(key);
  draft.addRow(key, record, prediction.isOutsideSample === true);
  const early = held?.truths ?? noTruths;
  if (early.length > 0) draft.countWaiting(key, -early.length);
  const later = takeWaiting(draft, predictionId, predictedAt, rules);
  const all = later.length === 0 ? early : [...early, ...later].sort((a, b) => (a.arrivedAt ?? 0) - (b.arrivedAt ?? 0));
  let known = entry;
  for (const truth of all) known = attribute(draft, { key, event }, known, truth, rules);
}

function buffered(record: JoinPrediction, { model, isInSample }: JoinRules): BufferedPrediction {
  const { modelVersion: version, predictedAt, score, shadows, rolloutId, samplingRatio = 1, items } = record;
  const baseline = model.versions.get(version)?.baseline;
  const segments = baseline === undefined ? 0 : segmentMask(baseline, record.features);
  const isOutsideSample = !isInSample(record.predictionId, samplingRatio);
  const plain = { version, predictedAt, score, shadows: shadows.length === 0 ? noShadows : shadows };
  // Nearly all have nothing else.
  if (rolloutId === undefined && samplingRatio === 1 && !isOutsideSample && segments === 0 && items === undefined)
    return plain;
  return {
    ...plain,
    ...(rolloutId !== undefined && { rolloutId }),
    ...(samplingRatio !== 1 && { samplingRatio }),
    ...(isOutsideSample && { isOutsideSample: true as const }),
    ...(segments !== 0 && { segments }),
    ...(items !== undefined && { itemIds: items.slice(0, rankingDepth).map(({ itemId }) => itemId) }),
  };
}

/** Removes and returns the outcomes that do not say when their prediction was made and that fit this one. */
function takeWaiting(draft: BucketDraft, predictionId: string, predictedAt: number, rules: JoinRules): Truth[] {
  const taken: Truth[] = [];
  for (const key of waitingKeysFor(predictedAt, draft.waiting, rules)) {
    const entry = draft.find(key, predictionId);
    if (entry === undefined) continue;
    const fits = (truth: Truth) => rules.timing(predictedAt, truth) === 'in-time';
    const rest = entry.truths.filter((truth) => !fits(truth));
    if (rest.length === entry.truths.length) continue;
    draft.put(key, entry, { predictionId, truths: rest });
    draft.countWaiting(key, rest.length - entry.truths.length);
    taken.push(...entry.truths.filter(fits));
  }
  return taken;
}

function addOutcome(draft: BucketDraft, event: JoinEvent, record: JoinOutcome, rules: JoinRules): void {
  const { now, writer } = event;
  const { predictionId } = record;
  const truth = truthOf(record, { writer, now, primaryType: rules.primaryType });
  const at = record.predictedAt ?? record.observedAt;
  if (now >= sealedAt(at, rules.longestMinutes)) {
    draft.counters[record.predictedAt === undefined ? 'orphanedOutcomes' : 'lateOutcomes'] += 1;
    return;
  }
  const key = record.predictedAt === undefined ? search(draft, predictionId, truth, rules, now) : segmentKeyAt(at);
  const entry = key && draft.find(key, predictionId);
  if (key !== undefined && entry !== undefined && isKnown(entry)) attribute(draft, { key, event }, entry, truth, rules);
  else wait(draft, key ?? waitingKeyAt(at), predictionId, truth, rules);
}

function isKnown(entry: Entry): entry is Known {
  return entry.prediction !== undefined;
}

/** The newest hour that has a prediction of that id for which the outcome is in time. */
function search(draft: BucketDraft, predictionId: string, truth: Truth, rules: JoinRules, now: number) {
  return searchedKeys(truth, rules, now).findLast((key) => {
    const predictedAt = draft.find(key, predictionId)?.prediction?.predictedAt;
    return predictedAt !== undefined && rules.timing(predictedAt, truth) === 'in-time';
  });
}

function wait(
  draft: BucketDraft,
  key: SegmentKey,
  predictionId: string,
  truth: Truth,
  { isExcluded }: JoinRules,
): void {
  const found = draft.find(key, predictionId);
  const waiting = found?.truths ?? noTruths;
  if (isRepetition(waiting, truth, isExcluded)) {
    draft.counters.duplicateOutcomes += 1;
    return;
  }
  const { truths, dropped } = withTruth(waiting, truth);
  if (dropped === undefined) draft.countWaiting(key, 1);
  else draft.counters.conflictingOutcomes += 1;
  if (dropped !== truth) draft.put(key, found, { predictionId, truths });
}

type Place = { readonly key: SegmentKey; readonly event: JoinEvent };

/** Gives the entry as it is then. */
function attribute(draft: BucketDraft, { key, event }: Place, entry: Known, next: Truth, rules: JoinRules): Known {
  const { predictionId, prediction, truths: held } = entry;
  const timing = rules.timing(prediction.predictedAt, next);
  if (timing !== 'in-time') {
    draft.counters[timing === 'late' ? 'lateOutcomes' : 'deferredOutcomes'] += 1;
    return entry;
  }
  if (isRepetition(held, next, rules.isExcluded)) {
    draft.counters.duplicateOutcomes += 1;
    return entry;
  }
  const after: Known = { predictionId, prediction, truths: withTruth(held, next).truths };
  draft.put(key, entry, after);
  // Also one that counts nothing itself may have pushed out what counted.
  if (isKnownOtherwise(entry, after, next, rules)) draft.touch(key);
  if (rules.isExcluded(next)) {
    // It stays, because the writer may be trusted again.
    draft.counters.distrustedOutcomes += 1;
    return after;
  }
  const standing = standingTruth(held, next, rules.isExcluded);
  const change = standing === undefined ? undefined : truthChange(standing, next);
  draft.counters[change === undefined ? 'attributed' : counterByChange[change]] += 1;
  if (change === 'conflict') draft.conflict(event, after, standing!, next);
  return after;
}

function isKnownOtherwise(before: Entry, after: Known, next: Truth, { isExcluded }: JoinRules): boolean {
  const { prediction, truths } = after;
  if (isJudgedOtherwise(prediction, { before: before.truths, after: truths }, next, isExcluded)) return true;
  const was = knownTruth(prediction, before.truths, next.outcomeType, isExcluded);
  const is = knownTruth(prediction, truths, next.outcomeType, isExcluded);
  return !isKnownTheSame(was, is);
}

/** Outcomes whose prediction can no longer come. */
function giveUpSealed(draft: BucketDraft, { longestMinutes }: JoinRules, now: number): void {
  for (const key in draft.waiting) {
    if (!isSegmentKey(key)) continue;
    if (now < sealedAt(toMillis(hourStart(hourOfKey(key))), longestMinutes)) continue;
    draft.counters.orphanedOutcomes += draft.waiting[key] ?? 0;
    delete draft.waiting[key];
  }
}
