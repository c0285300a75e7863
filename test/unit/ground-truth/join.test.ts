import { describe, expect, it } from 'vitest';
import { decodePerformance } from '../../../shared/domain/ground-truth/aggregate-codec.ts';
import type { BucketState } from '../../../shared/domain/ground-truth/bucket-state.ts';
import { initialCursor, isApplied, waitingOutcomes } from '../../../shared/domain/ground-truth/cursor.ts';
import { join } from '../../../shared/domain/ground-truth/join.ts';
import { needsOf } from '../../../shared/domain/ground-truth/join-needs.ts';
import { emptyProfile } from '../../../shared/domain/ground-truth/profile.ts';
import type { PackedEvent } from '../../../shared/domain/ground-truth/records.ts';
import { segmentOf } from '../../../shared/domain/ground-truth/segment-log.ts';
import type { ServedModel } from '../../../shared/domain/ground-truth/served-model.ts';
import { standingTruth } from '../../../shared/domain/ground-truth/truths.ts';
import { at, joinEvent, morning, observed, predicted, servedModel } from './fixtures/models.ts';

const model = servedModel();
const empty: BucketState = { cursor: initialCursor, segments: new Map(), profiles: new Map(), sums: new Map() };

type Joined = ReturnType<typeof join>['changes'];
type Stored = Joined['performance'][number];
type Changes = Omit<Joined, 'performance'> & { readonly performance: readonly ReturnType<typeof withPoints>[] };

function withPoints({ data, ...stored }: Stored) {
  return { ...stored, points: decodePerformance(data()) };
}

/** Joins one event after the other, each in a batch of its own; later states know what the earlier ones loaded. */
function joined(
  events: readonly PackedEvent[],
  served: ServedModel = model,
  now: string | ((index: number) => string) = at(180),
) {
  let state = empty;
  const performance = new Map<string, number>();
  let changes: Changes | undefined;
  for (const [i, event] of events.entries()) {
    const next = joinEvent(event, typeof now === 'string' ? now : now(i), String(i + 1));
    const needs = needsOf([next], state.cursor, served);
    const segments = new Map([...needs.segments.map((key) => [key, segmentOf([])] as const), ...state.segments]);
    const profiles = new Map([...needs.profiles.map((key) => [key, emptyProfile] as const), ...state.profiles]);
    const result = join({ ...state, segments, profiles }, [next], served);
    state = result.state;
    changes = { ...result.changes, performance: result.changes.performance.map(withPoints) };
    for (const { hour, versions, points } of changes.performance)
      performance.set(
        `${hour} v${versions}`,
        points.reduce((sum, point) => sum + point.performance.n, 0),
      );
  }
  return { state, changes: changes!, counters: state.cursor.counters, attributed: Object.fromEntries(performance) };
}

function labelsOf({ changes }: ReturnType<typeof joined>) {
  return changes.performance.flatMap(({ points }) =>
    points.map(({ performance }) => (performance.kind === 'binary' ? performance.positives : Number.NaN)),
  );
}

describe('a prediction and its outcome', () => {
  it('are joined in the hour of the prediction, whichever comes first', () => {
    const forwards = joined([predicted('p1'), observed('p1')]);
    const backwards = joined([observed('p1'), predicted('p1')]);
    const unhoured = joined([observed('p1', { predictedAt: undefined }), predicted('p1')]);
    for (const { attributed, counters, changes } of [forwards, backwards, unhoured]) {
      expect(attributed).toEqual({ '2001-01-22T06 v1': 1 });
      expect(counters).toMatchObject({ predictions: 1, attributed: 1 });
      expect(changes.performance).toEqual(forwards.changes.performance);
    }
  });

  it('find each other when the outcome does not say when the prediction was made', () => {
    const { attributed, state } = joined([predicted('p1'), observed('p1', { predictedAt: undefined })]);
    expect(attributed).toEqual({ '2001-01-22T06 v1': 1 });
    expect(waitingOutcomes(state.cursor)).toBe(0);
  });

  it('count five minutes by the time of the prediction', () => {
    const { changes } = joined([predicted('p1', { predictedAt: at(59) }), observed('p1', { predictedAt: at(59) })]);
    expect(changes.performance[0]?.points).toMatchObject([{ index: 11, predictions: 1, performance: { n: 1 } }]);
  });

  it('count once when either is repeated', () => {
    const repeated = joined([predicted('p1'), observed('p1'), predicted('p1'), observed('p1')]);
    expect(repeated.attributed).toEqual({ '2001-01-22T06 v1': 1 });
    expect(repeated.counters).toMatchObject({ duplicatePredictions: 1, duplicateOutcomes: 1, attributed: 1 });
  });

  it('keep the first prediction when another comes under its id', () => {
    const { changes } = joined([predicted('p1'), predicted('p1', { score: 0.75, modelVersion: 2 }), observed('p1')]);
    expect(changes.performance).toMatchObject([{ versions: '1', points: [{ performance: { sumScore: 0.25 } }] }]);
  });

  it('keep its features out of the segment and counts them once', () => {
    const { changes } = joined([predicted('p1')]);
    expect(changes.profiles).toMatchObject([{ hour: '2001-01-22T06', version: 1, profile: { n: 1 } }]);
    expect(Buffer.from(changes.parts[0]!.part().data).toString('latin1')).not.toContain('JFK');
    expect(joined([predicted('p1'), predicted('p1')]).changes.profiles).toEqual([]);
  });
});

describe('a second outcome', () => {
  it('that says otherwise later corrects the first', () => {
    const corrected = joined([predicted('p1'), observed('p1'), observed('p1', { observedAt: at(130), label: 0 })]);
    expect(labelsOf(corrected)).toEqual([0]);
    expect(corrected.attributed).toEqual({ '2001-01-22T06 v1': 1 });
    expect(corrected.counters).toMatchObject({ attributed: 1, correctedOutcomes: 1 });
  });

  it('that was observed earlier changes nothing', () => {
    const superseded = joined([predicted('p1'), observed('p1'), observed('p1', { observedAt: at(110), label: 0 })]);
    expect(superseded.counters).toMatchObject({ supersededOutcomes: 1 });
    expect(superseded.changes.performance).toEqual([]);
  });

  it('of the same moment that says otherwise is a conflict, and the first stays', () => {
    const conflict = joined([predicted('p1'), observed('p1'), observed('p1', { label: 0 }), observed('p1')]);
    expect(conflict.counters).toMatchObject({ conflictingOutcomes: 1, duplicateOutcomes: 1, attributed: 1 });
    const [entry] = [...conflict.state.segments.values()].flatMap(({ entries }) => [...entries.values()]);
    expect(standingTruth(entry!.truths, {}, () => false)).toMatchObject({ label: 1 });
  });

  it('that repeats the first later is not undone by what was observed in between', () => {
    const a = observed('p1', { observedAt: at(100), label: 1 });
    const b = observed('p1', { observedAt: at(110), label: 0 });
    const c = observed('p1', { observedAt: at(120), label: 1 });
    for (const order of [
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ]) {
      const { state } = joined([predicted('p1'), ...order]);
      const [entry] = [...state.segments.values()].flatMap(({ entries }) => [...entries.values()]);
      expect(standingTruth(entry!.truths, {}, () => false)).toMatchObject({
        label: 1,
        observedAt: Date.parse(at(120)),
      });
    }
  });

  it('may correct the business value alone', () => {
    const rollout = { rolloutId: 'late-live-o1', shadows: [{ modelVersion: 2, score: 0.5 }] };
    const first = observed('p1', { businessValue: 10 });
    const second = observed('p1', { businessValue: 7, observedAt: at(125) });
    const { changes } = joined([predicted('p1', rollout), first, second]);
    expect(changes.paired).toMatchObject([{ older: 1, newer: 2, paired: { n: 1, arms: { older: { n: 1, sum: 7 } } } }]);
  });
});

describe('an outcome outside the attribution window', () => {
  it('is counted as late, not attributed, whichever comes first', () => {
    const late = observed('p1', { observedAt: at(601) });
    for (const events of [
      [predicted('p1'), late],
      [late, predicted('p1')],
    ]) {
      const { attributed, counters } = joined(events, model, at(700));
      expect(attributed).toEqual({ '2001-01-22T06 v1': 0 });
      expect(counters).toMatchObject({ lateOutcomes: 1, attributed: 0 });
    }
  });

  it('does not displace one inside that waits with it', () => {
    const inTime = observed('p1', { observedAt: at(599) });
    const late = observed('p1', { observedAt: at(601), label: 0 });
    const { counters, changes } = joined([inTime, late, predicted('p1')], model, at(700));
    expect(counters).toMatchObject({ lateOutcomes: 1, attributed: 1 });
    expect(changes.performance).toMatchObject([{ points: [{ performance: { positives: 1 } }] }]);
  });

  it('is late once the hour is sealed, however early it was observed', () => {
    const { counters, state } = joined([observed('p1')], model, '2001-01-29T17:00:00.000Z');
    expect(counters).toMatchObject({ lateOutcomes: 1 });
    expect(state.segments.get('segment#2001-01-22T06')?.parts()).toEqual([]);
  });
});

describe('an outcome without a prediction', () => {
  it('waits, and is an orphan when its hour is sealed', () => {
    const sealing = '2001-01-29T17:00:00.000Z';
    const waiting = joined([observed('p1')]);
    expect(waitingOutcomes(waiting.state.cursor)).toBe(1);
    const fresh = { predictedAt: '2001-01-29T16:00:00.000Z' };
    const given = joined([observed('p1'), predicted('p2', fresh)], model, '2001-01-29T16:59:59.000Z');
    expect(given.counters.orphanedOutcomes).toBe(0);
    const late = new Map(given.state.segments).set('segment#2001-01-29T17', segmentOf([]));
    const next = join(
      { ...given.state, segments: late },
      [
        joinEvent(
          observed('p3', { predictedAt: '2001-01-29T17:00:00.000Z', observedAt: '2001-01-29T17:00:00.000Z' }),
          sealing,
          '9',
        ),
      ],
      model,
    );
    expect(next.state.cursor.counters.orphanedOutcomes).toBe(1);
    expect(waitingOutcomes(next.state.cursor)).toBe(1);
  });

  it('waits at most sixteen times for the same prediction', () => {
    const many = Array.from({ length: 20 }, (_, i) => observed('p1', { observedAt: at(100 + i), label: i % 2 }));
    const { counters, state } = joined(many);
    expect(waitingOutcomes(state.cursor)).toBe(16);
    expect(counters.conflictingOutcomes).toBe(4);
  });

  it('that repeats one that waits is a duplicate', () => {
    const { counters, state } = joined([observed('p1'), observed('p1')]);
    expect(counters.duplicateOutcomes).toBe(1);
    expect(waitingOutcomes(state.cursor)).toBe(1);
  });
});

describe('versions that score along', () => {
  const shadows = [
    { modelVersion: 3, score: 0.5 },
    { modelVersion: 1, score: 0.75 },
  ];

  it('are paired with the one that served, the older first', () => {
    const { changes } = joined([predicted('p1', { modelVersion: 2, shadows }), observed('p1')]);
    expect(changes.paired.map(({ older, newer, paired }) => [older, newer, paired.n])).toEqual([
      [2, 3, 1],
      [1, 2, 1],
    ]);
    const [, second] = changes.paired;
    expect(second?.paired.sumOlderLoss).toBeCloseTo(-Math.log(0.75), 12);
    expect(second?.paired.sumNewerLoss).toBeCloseTo(-Math.log(0.25), 12);
  });

  it('do not get the requests they did not serve into their performance', () => {
    const { attributed } = joined([predicted('p1', { modelVersion: 2, shadows }), observed('p1')]);
    expect(attributed).toEqual({ '2001-01-22T06 v2': 1 });
  });

  it('compare business values only where a rollout assigned the request', () => {
    const value = { businessValue: 4 };
    const arms = (rolloutId?: string) =>
      joined([
        predicted('p1', { modelVersion: 2, shadows, ...(rolloutId && { rolloutId }) }),
        observed('p1', value),
      ]).changes.paired.map(({ paired }) => [paired.arms.older.n, paired.arms.newer.n]);
    expect(arms()).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(arms('late-live-o1')).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});

describe('a position', () => {
  const cursor = { ...initialCursor, positions: { 'shard-1': { sequenceNumber: '99', done: 3 } } };
  const isDone = (shardId: string, sequenceNumber: string, index: number) =>
    isApplied(cursor, { shardId, sequenceNumber, index });

  it('is applied when the cursor has passed it, numbers being compared as numbers', () => {
    expect(isDone('shard-1', '99', 2)).toBe(true);
    expect(isDone('shard-1', '99', 3)).toBe(false);
    expect(isDone('shard-1', '100', 0)).toBe(false);
    expect(isDone('shard-1', '98', 7)).toBe(true);
    expect(isDone('shard-1', '49590338271490256608559692538361571095921575989136588898', 0)).toBe(false);
  });

  it('in another shard says nothing', () => {
    expect(isDone('shard-2', '1', 0)).toBe(false);
  });
});

describe('a writer that is distrusted from some moment on', () => {
  it('takes back what it said before when it floods the prediction until there is no room for that', () => {
    const flood = Array.from({ length: 16 }, (_, i) => observed('p1', { label: i % 2, observedAt: at(121 + i) }));
    const distrusted = [{ writer: 'flights/serving', from: Date.parse(at(150)) }];
    const arrivals = (index: number) => at(index < 2 ? 140 : 160);
    const before = joined([predicted('p1'), observed('p1')], servedModel({ distrusted }), arrivals);
    expect(before.attributed).toEqual({ '2001-01-22T06 v1': 1 });
    const { attributed, state } = joined(
      [predicted('p1'), observed('p1'), ...flood],
      servedModel({ distrusted }),
      arrivals,
    );
    expect(state.cursor.counters.distrustedOutcomes).toBe(16);
    // What is counted is what a cold function would count of the same segment.
    expect(attributed).toEqual({ '2001-01-22T06 v1': 0 });
  });
});

describe('the state a batch starts from', () => {
  it('is not changed by it', () => {
    const { state } = joined([predicted('p1')]);
    const shown = () =>
      JSON.stringify([...state.segments].map(([key, { entries, parts }]) => [key, [...entries.values()], parts()]));
    const before = shown();
    const after = join(state, [joinEvent(observed('p1'), at(180), '7')], model);
    expect(after.state.cursor.counters.attributed).toBe(1);
    expect(shown()).toBe(before);
  });

  it('must hold what the events need', () => {
    const event = joinEvent(predicted('p1'), morning, '1');
    expect(() => join(empty, [event], model)).toThrow('segment segment#2001-01-22T06 was not loaded');
    const segments = new Map([['segment#2001-01-22T06' as const, segmentOf([])]]);
    expect(() => join({ ...empty, segments }, [event], model)).toThrow('profile 2001-01-22T06 1 was not loaded');
  });
});
