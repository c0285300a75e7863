import { lazily } from '../lazily.ts';
import { minuteMillis } from '../time.ts';
import type { Paired } from './aggregates.ts';
import { countPrediction, recountPrediction, type SumsOf } from './hour-aggregates.ts';
import type { JoinRules } from './join-rules.ts';
import { copyOfPairedSums, emptyPairedSums, type PairedSums, pairedOfSums } from './paired-sums.ts';
import { performanceKindOf } from './performance-accumulator.ts';
import { encodePointSums } from './point-codec.ts';
import { copyOfPointSums, emptyPointSums, type PointSums } from './point-sums.ts';
import type { Entry } from './segment.ts';
import type { ChangedEntries } from './segment-log.ts';
import type { VersionedMap } from './versioned-map.ts';

const pointMillis = 5 * minuteMillis;
const pointsPerHour = 12;

type Summed = { readonly sums: PointSums; readonly encoded: () => Buffer };
type SummedPair = { readonly sums: PairedSums; readonly paired: Paired };

/** The sums of an hour and what they come to; never changed, so that a batch that fails leaves nothing behind. */
export type HourSums = {
  /** Whom the rules distrusted that it was summed by, as text. */
  readonly distrusted: string;
  /** By versions key, then by five minutes; holes where there is no prediction. */
  readonly points: ReadonlyMap<string, readonly (Summed | undefined)[]>;
  /** By `older#newer`. */
  readonly pairs: ReadonlyMap<string, SummedPair>;
};

/** Which five minutes of its hour a moment lies in. */
function pointIndexAt(millis: number): number {
  return Math.floor(millis / pointMillis) % pointsPerHour;
}

function distrustedText({ model }: JoinRules): string {
  return JSON.stringify(model.distrusted ?? []);
}

/** From everything that is in the segment. */
export function sumsOfSegment(entries: VersionedMap<Entry>, rules: JoinRules): HourSums {
  const draft = new HourDraft(undefined, rules);
  for (const entry of entries.values()) draft.count(entry, 1);
  return draft.settled();
}

/** Undefined when it was summed by other rules: who was trusted then may not be now. */
export function sumsAfter(held: HourSums, changed: ChangedEntries | undefined, rules: JoinRules): HourSums | undefined {
  if (held.distrusted !== distrustedText(rules)) return undefined;
  const draft = new HourDraft(held, rules);
  let i = 0;
  for (const after of changed?.top.values() ?? []) {
    draft.recount(changed?.befores[i], after);
    i += 1;
  }
  return draft.settled();
}

/** Copies the sums that it writes to. */
class HourDraft {
  readonly #rules: JoinRules;
  readonly #held: HourSums | undefined;
  readonly #points = new Map<string, (PointSums | undefined)[]>();
  readonly #pairs = new Map<string, PairedSums>();
  #index = 0;
  readonly #to: SumsOf = {
    point: (versions, type) => {
      const own = this.#points.get(versions) ?? [];
      if (own.length === 0) this.#points.set(versions, own);
      let sums = own[this.#index];
      if (sums !== undefined) return sums;
      const held = this.#held?.points.get(versions)?.[this.#index]?.sums;
      const kind = performanceKindOf(this.#rules.model.taskType, type?.kind ?? 'numeric');
      sums = held === undefined ? emptyPointSums(kind, type?.imputedLabel) : copyOfPointSums(held);
      own[this.#index] = sums;
      return sums;
    },
    pair: (pair) => {
      const own = this.#pairs.get(pair);
      if (own !== undefined) return own;
      const held = this.#held?.pairs.get(pair)?.sums;
      const sums = held === undefined ? emptyPairedSums() : copyOfPairedSums(held);
      this.#pairs.set(pair, sums);
      return sums;
    },
  };

  constructor(held: HourSums | undefined, rules: JoinRules) {
    this.#held = held;
    this.#rules = rules;
  }

  count({ prediction, truths }: Entry, times: 1 | -1): void {
    if (prediction === undefined) return;
    this.#index = pointIndexAt(prediction.predictedAt);
    countPrediction(this.#to, prediction, truths, this.#rules, times);
  }

  /** From before a batch to after it. */
  recount(before: Entry | undefined, after: Entry): void {
    const { prediction } = after;
    if (prediction === undefined || before?.prediction !== prediction) {
      if (before !== undefined) this.count(before, -1);
      this.count(after, 1);
      return;
    }
    this.#index = pointIndexAt(prediction.predictedAt);
    recountPrediction(this.#to, prediction, { before: before.truths, after: after.truths }, this.#rules);
  }

  settled(): HourSums {
    const points = new Map(this.#held?.points);
    for (const [versions, own] of this.#points) {
      const all = [...(points.get(versions) ?? Array.from<undefined>({ length: pointsPerHour }))];
      for (const [index, sums] of own.entries())
        if (sums !== undefined) all[index] = { sums, encoded: lazily(() => encodePointSums(index, sums)) };
      points.set(versions, all);
    }
    const pairs = new Map(this.#held?.pairs);
    for (const [pair, sums] of this.#pairs) pairs.set(pair, { sums, paired: pairedOfSums(sums) });
    return { distrusted: distrustedText(this.#rules), points, pairs };
  }
}
