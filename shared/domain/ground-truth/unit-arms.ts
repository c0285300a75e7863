import type { DraftedSegment } from './bucket-draft.ts';
import type { HourArm } from './bucket-state.ts';
import { addExactly, type ExactSum, valueOfSum } from './exact-sum.ts';
import type { JoinRules } from './join-rules.ts';
import { type Entry, hourOfKey, isUnitsKey, type SegmentKey, type Truth } from './segment.ts';
import type { Segment } from './segment-log.ts';
import { standingTruth } from './truths.ts';
import type { VersionedMap } from './versioned-map.ts';

/** What a value is about: the arm of a rollout, and the metric. */
export type ArmOfUnits = { readonly rolloutId: string; readonly modelVersion: number; readonly metric: string };

/** Key of an arm's aggregates. */
export function armKey({ rolloutId, modelVersion, metric }: ArmOfUnits): string {
  return `${modelVersion}@${encodeURIComponent(rolloutId)}~${encodeURIComponent(metric)}`;
}

/** Of the arms whose sums a batch has changed. */
export function changedArms(
  drafted: ReadonlyMap<SegmentKey, DraftedSegment>,
  after: ReadonlyMap<SegmentKey, Segment>,
  rules: JoinRules,
): readonly HourArm[] {
  return [...drafted].flatMap(([key, { top, befores }]) => {
    const segment = after.get(key);
    if (!isUnitsKey(key) || segment === undefined) return [];
    const changed = new Set<string>();
    let i = 0;
    for (const { truths } of top.values()) {
      const was = valuesByArm(befores[i]?.truths ?? [], rules);
      const is = valuesByArm(truths, rules);
      for (const arm of new Set([...was.keys(), ...is.keys()])) if (was.get(arm) !== is.get(arm)) changed.add(arm);
      i += 1;
    }
    return armsOf(hourOfKey(key), segment.entries, rules, (arm) => changed.has(arm));
  });
}

/** Of all arms of which the hour knows a value, be it of a writer who is not to be trusted. */
export function allArms(hour: string, segment: Segment | undefined, rules: JoinRules): readonly HourArm[] {
  return segment === undefined ? [] : armsOf(hour, segment.entries, rules, () => true);
}

type Arm = { n: number; readonly sum: ExactSum; readonly sumSquares: ExactSum };

function armsOf(
  hour: string,
  entries: VersionedMap<Entry>,
  rules: JoinRules,
  isWanted: (arm: string) => boolean,
): readonly HourArm[] {
  const arms = new Map<string, Arm>();
  for (const { truths } of entries.values())
    for (const [arm, value] of valuesByArm(truths, rules)) {
      if (!isWanted(arm)) continue;
      const held = arms.get(arm) ?? { n: 0, sum: [], sumSquares: [] };
      arms.set(arm, held);
      if (value === undefined) continue;
      held.n += 1;
      addExactly(held.sum, value);
      addExactly(held.sumSquares, value ** 2);
    }
  return [...arms].map(([versions, { n, sum, sumSquares }]) => ({
    hour,
    versions,
    sums: { n, sum: valueOfSum(sum), sumSquares: valueOfSum(sumSquares) },
  }));
}

/** What stands of a unit by arm; undefined where only writers who are not to be trusted said something. */
function valuesByArm(truths: readonly Truth[], { isExcluded }: JoinRules): ReadonlyMap<string, number | undefined> {
  const [first] = truths;
  // Nearly all have nothing else.
  if (truths.length === 1 && first?.itemId !== undefined)
    return new Map([[first.itemId, isExcluded(first) ? undefined : first.label]]);
  const values = new Map<string, number | undefined>();
  for (const { itemId } of truths)
    if (itemId !== undefined && !values.has(itemId))
      values.set(itemId, standingTruth(truths, { itemId }, isExcluded)?.label);
  return values;
}
