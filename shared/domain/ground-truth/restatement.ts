import { sortableNumber } from '../stream-ids.ts';
import { dayMillis, dayOf, hourMillis, hourOfMillis, type Instant, toInstant, toMillis } from '../time.ts';
import { garbageAt, hoursBetween, sealedAt } from './attribution-window.ts';
import type { ArrivalSpan } from './writer.ts';

/** UTC days of predictions, both included. */
export type DayRange = { readonly from: string; readonly to: string };

/** Head of the stream `restatement#<restatementId>`: one model's figures brought to what a writer is trusted with. */
export type RestatementState = {
  readonly restatementId: string;
  readonly writer: string;
  readonly modelId: string;
  /** `trustRevision` of the writer when it began. */
  readonly revision: number;
  readonly status: 'running' | 'completed';
  readonly buckets: number;
  readonly bucketsDone: number;
  /** Hours of buckets whose figures were computed again. */
  readonly hours: number;
  /** Of predictions that its outcomes can be about; absent when that is none. */
  readonly days?: DayRange | undefined;
  readonly startedAt: Instant;
  readonly completedAt?: Instant;
};

export type RestatementEvent = { readonly schemaVersion: 1; readonly restatementId: string } & (
  | {
      readonly type: 'RestatementStarted';
      readonly writer: string;
      readonly modelId: string;
      readonly revision: number;
      readonly buckets: number;
      readonly days?: DayRange | undefined;
    }
  | { readonly type: 'RestatementProgressed'; readonly bucketsDone: number; readonly hours: number }
  | { readonly type: 'RestatementCompleted' }
);

type Entry = { readonly list: string; readonly sort: string };

/** Lists of the event store: those that are under way, those that are done by when, and those of a writer by age. */
export const openRestatements = 'restatements#running';
export const completedRestatements = 'restatements#completed';

export function restatementsOfWriter(writer: string): string {
  return `restatements#writer#${writer}`;
}

export function restatementLists(state: RestatementState): readonly Entry[] {
  const sort = `${sortableNumber(state.revision)}#${state.modelId}`;
  const ofWriter = { list: restatementsOfWriter(state.writer), sort };
  return state.status === 'running'
    ? [{ list: openRestatements, sort: state.restatementId }, ofWriter]
    : [{ list: completedRestatements, sort: `${state.completedAt}#${state.restatementId}` }, ofWriter];
}

/** Always the same of the same revision and model, so that a repetition finds what it began. */
export function restatementIdOf(writer: string, revision: number, modelId: string): string {
  return `${writer}#${revision}#${modelId}`;
}

export function evolveRestatement(
  state: RestatementState | undefined,
  event: RestatementEvent,
  now: Instant,
): RestatementState {
  if (event.type === 'RestatementStarted') {
    const { type: _type, schemaVersion: _version, ...started } = event;
    return { ...started, status: 'running', bucketsDone: 0, hours: 0, startedAt: now };
  }
  if (state === undefined) throw new Error(`${event.restatementId} has not begun`);
  if (event.type === 'RestatementCompleted') return { ...state, status: 'completed', completedAt: now };
  return { ...state, bucketsDone: event.bucketsDone, hours: state.hours + event.hours };
}

type Reach = {
  /** The longest attribution window of the model. */
  readonly windowMinutes: number;
  readonly earliest: Instant;
  readonly now: Instant;
};

/**
 * Days of the predictions that outcomes can be about which arrived in the span: no hour takes any after it is sealed. None
 * before `earliest` or after now.
 */
export function affectedDays({ from, to }: ArrivalSpan, { windowMinutes, earliest, now }: Reach): DayRange | undefined {
  const oldest = from === undefined ? 0 : toMillis(from) - sealedAt(0, windowMinutes);
  const first = toInstant(Math.max(oldest, toMillis(earliest)));
  const last = to === undefined || to > now ? now : to;
  return first > last ? undefined : { from: dayOf(first), to: dayOf(last) };
}

/** The shortest range that holds both. */
export function rangeOfBoth(left: DayRange | undefined, right: DayRange | undefined): DayRange | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const earlier = left.from < right.from ? left : right;
  const later = left.to > right.to ? left : right;
  return { from: earlier.from, to: later.to };
}

/** The range without what is before `earliest` (a UTC day), in pieces of at most `days` days; ascending. */
export function piecesOf(
  { from, to }: DayRange,
  { earliest, days }: { readonly earliest: string; readonly days: number },
) {
  const pieces: DayRange[] = [];
  let first = from < earliest ? earliest : from;
  while (first <= to) {
    const last = dayOf(toInstant(toMillis(`${first}T00:00:00.000Z`) + (days - 1) * dayMillis));
    pieces.push({ from: first, to: last < to ? last : to });
    first = dayOf(toInstant(toMillis(`${last}T00:00:00.000Z`) + dayMillis));
  }
  return pieces;
}

/** Hours of those days whose segments may still be there, `2001-01-22T06`; ascending. */
export function restatedHours(
  { from, to }: DayRange,
  { windowMinutes, now }: Pick<Reach, 'windowMinutes' | 'now'>,
): readonly string[] {
  const end = Math.min(toMillis(`${to}T23:00:00.000Z`), toMillis(now) + hourMillis);
  return hoursBetween(toMillis(`${from}T00:00:00.000Z`), end)
    .map(hourOfMillis)
    .filter((hour) => garbageAt(hour, windowMinutes) > now);
}
