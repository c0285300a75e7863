import { dayMillis, type Instant, toMillis } from '../time.ts';
import type { ArrivalSpan, FormerKey, SetOfWriter, WriterEvent, WriterState } from './writer.ts';

/** The writer after an event that happened `now`. */
export function evolveWriter(state: WriterState, event: WriterEvent, now: Instant): WriterState {
  switch (event.type) {
    case 'WriterRegistered':
      return { ...withSettings(state, event), registeredAt: now };
    case 'WriterChanged':
      return withSettings(state, event);
    case 'WriterKeyRotated':
      return rotated(state, event, now);
    case 'WriterRevoked':
      return { ...state, revokedAt: now };
    case 'WriterDistrusted':
      return {
        ...state,
        distrusts: [...state.distrusts, event.distrust],
        distrustCount: event.distrust.distrustId,
        trustRevision: state.trustRevision + 1,
        unrestated: spanOfBoth(state.unrestated, event.distrust),
      };
    case 'WriterTrusted':
      return trusted(state, event.distrustId);
    case 'RestatementsStarted': {
      const { unrestated: _restated, ...rest } = state;
      return { ...rest, restatedRevision: event.revision };
    }
  }
}

function withSettings(
  { lineageNamespaces: _former, ...state }: WriterState,
  { scopes, eventsPerMinute, lineageNamespaces }: SetOfWriter,
): WriterState {
  return { ...state, scopes, eventsPerMinute, ...(lineageNamespaces !== undefined && { lineageNamespaces }) };
}

type Rotation = Extract<WriterEvent, { type: 'WriterKeyRotated' }>;

function rotated(
  { keyRequestId, ...state }: WriterState,
  { keyId, formerValidUntil, requestId }: Rotation,
  now: Instant,
): WriterState {
  const former = { keyId: state.keyId, validUntil: formerValidUntil };
  return {
    ...state,
    keyId,
    ...(requestId !== undefined && { keyRequestId: requestId }),
    formerKeys: [
      ...stillOfUse(state.formerKeys, now),
      { ...former, ...(keyRequestId !== undefined && { requestId: keyRequestId }) },
    ],
  };
}

// The stream keeps records for a day or more: what arrived while a key was good is judged by that when it is read later.
const keptDays = 8;

function stillOfUse(formerKeys: readonly FormerKey[], now: Instant): readonly FormerKey[] {
  return formerKeys.filter(({ validUntil }) => toMillis(validUntil) > toMillis(now) - keptDays * dayMillis);
}

function trusted(state: WriterState, distrustId: number): WriterState {
  const isMeant = (distrust: { readonly distrustId: number }) => distrust.distrustId === distrustId;
  return {
    ...state,
    distrusts: state.distrusts.filter((distrust) => !isMeant(distrust)),
    trustRevision: state.trustRevision + 1,
    unrestated: spanOfBoth(state.unrestated, state.distrusts.find(isMeant) ?? {}),
  };
}

/** The shortest span that holds both. */
function spanOfBoth(held: ArrivalSpan | undefined, { from, to }: ArrivalSpan): ArrivalSpan {
  const both = held ?? { from, to };
  const first = both.from !== undefined && from !== undefined && (both.from < from ? both.from : from);
  const last = both.to !== undefined && to !== undefined && (both.to > to ? both.to : to);
  return { ...(first && { from: first }), ...(last && { to: last }) };
}
