import type { BufferedPrediction, Truth } from './segment.ts';
import type { DistrustedWriter } from './served-model.ts';

/** Different statements of one writer kept of one outcome type and item of a prediction; only a faulty one makes more. */
export const maximumTruths = 16;
/** Of all types and items together. */
const maximumTruthsInAll = 2_000;

/** What a truth is about. Absent: the primary outcome type, the prediction as a whole. */
export type Aim = { readonly outcomeType?: string | undefined; readonly itemId?: string | undefined };
export type IsExcluded = (truth: Truth) => boolean;

/** Whether the truth's writer was not to be trusted when it arrived. */
export function exclusionOf(distrusted: readonly DistrustedWriter[] = []): IsExcluded {
  if (distrusted.length === 0) return () => false;
  const spansByWriter = Map.groupBy(distrusted, ({ writer }) => writer);
  return ({ writer = '', arrivedAt = 0 }) =>
    spansByWriter.get(writer)?.some(({ from = 0, to = Number.POSITIVE_INFINITY }) => {
      return arrivedAt >= from && arrivedAt < to;
    }) === true;
}

export function isSameAim(left: Aim, right: Aim): boolean {
  return left.outcomeType === right.outcomeType && left.itemId === right.itemId;
}

export function saysTheSame(left: Truth, right: Truth): boolean {
  return left.label === right.label && left.businessValue === right.businessValue;
}

/** The one observed last; of one moment the first to come. Undefined when all are excluded. */
export function standingTruth(truths: readonly Truth[], aim: Aim, isExcluded: IsExcluded): Truth | undefined {
  let standing: Truth | undefined;
  for (const truth of truths) {
    if (!isSameAim(truth, aim) || isExcluded(truth)) continue;
    if (standing === undefined || truth.observedAt > standing.observedAt) standing = truth;
  }
  return standing;
}

/**
 * What is known of a prediction under an outcome type (absent: the primary one), and when the first word of it arrived.
 * Where no outcome is about the prediction as a whole, the item with its score stands for it.
 */
export function knownTruth(
  { itemIds, topItemId = itemIds?.[0] }: BufferedPrediction,
  truths: readonly Truth[],
  outcomeType: string | undefined,
  isExcluded: IsExcluded,
): { readonly truth: Truth; readonly firstArrivedAt: number | undefined } | undefined {
  if (truths.length === 0) return undefined;
  const whole = { outcomeType };
  let truth = standingTruth(truths, whole, isExcluded);
  const aim = truth === undefined && topItemId !== undefined ? { outcomeType, itemId: topItemId } : whole;
  truth ??= standingTruth(truths, aim, isExcluded);
  return truth && { truth, firstArrivedAt: firstArrival(truths, aim, isExcluded) };
}

type Known = ReturnType<typeof knownTruth>;

/** Whether the same is known: what it says, and when the first word of it arrived. */
export function isKnownTheSame(was: Known, is: Known): boolean {
  if (was === undefined || is === undefined) return was === is;
  return saysTheSame(was.truth, is.truth) && was.firstArrivedAt === is.firstArrivedAt;
}

function firstArrival(truths: readonly Truth[], aim: Aim, isExcluded: IsExcluded): number | undefined {
  let first: number | undefined;
  for (const truth of truths) {
    if (truth.arrivedAt === undefined || !isSameAim(truth, aim) || isExcluded(truth)) continue;
    if (first === undefined || truth.arrivedAt < first) first = truth.arrivedAt;
  }
  return first;
}

/** The same writer has said just this, and was trusted as much. */
export function isRepetition(held: readonly Truth[], next: Truth, isExcluded: IsExcluded): boolean {
  return held.some(
    (truth) =>
      isExcluded(truth) === isExcluded(next) &&
      truth.observedAt === next.observedAt &&
      truth.writer === next.writer &&
      isSameAim(truth, next) &&
      saysTheSame(truth, next),
  );
}

/**
 * With one more; what has the least to say of what it is about gives way when its writer has said too much. What others
 * said stays: it is what holds when the writer is distrusted.
 */
export function withTruth(
  held: readonly Truth[],
  next: Truth,
): { readonly truths: readonly Truth[]; readonly dropped?: Truth } {
  if (held.length === 0) return { truths: [next] };
  const rivals = held.filter((truth) => truth.writer === next.writer && isSameAim(truth, next));
  if (rivals.length < maximumTruths)
    return held.length < maximumTruthsInAll ? { truths: [...held, next] } : { truths: held, dropped: next };
  const dropped = [...rivals, next].reduce((least, truth) => (truth.observedAt <= least.observedAt ? truth : least));
  return { truths: [...held, next].filter((truth) => truth !== dropped), dropped };
}
