import type { BucketDraft } from './bucket-draft.ts';
import { type BucketChanges, type BucketState, profileKey } from './bucket-state.ts';
import { pairedOfHour, performanceOfHour } from './hour-aggregates.ts';
import { addToProfile } from './profile.ts';
import { segmentKey, sortedEntries } from './segment.ts';
import type { ServedModel } from './served-model.ts';

/** The parts written to and the aggregates of the hours they touch. */
export function changesOf(draft: BucketDraft, state: BucketState, model: ServedModel): BucketChanges {
  const hours = [...draft.touchedHours].map(([hour, touched]) => ({
    hour,
    ...touched,
    entries: sortedEntries(draft.segment(segmentKey(hour))),
  }));
  return {
    parts: draft
      .changed()
      .flatMap(({ key, segment, parts }) =>
        parts.map((index) => ({ key, index, count: segment.parts.length, part: segment.parts[index]! })),
      ),
    profiles: [...draft.newRows].flatMap(([hour, byVersion]) =>
      [...byVersion].map(([version, rows]) => {
        const held = state.profiles.get(profileKey(hour, version));
        const baseline = model.versions.get(version)?.baseline;
        if (held === undefined || baseline === undefined) throw new Error(`profile ${hour} ${version} was not loaded`);
        return { hour, version, profile: addToProfile(held, baseline, rows) };
      }),
    ),
    performance: hours.flatMap(({ hour, versions, entries }) =>
      [...versions].map((version) => ({ hour, version, points: performanceOfHour(model.taskType, version, entries) })),
    ),
    paired: hours.flatMap(({ hour, pairs, entries }) =>
      [...pairs.values()]
        .map((pair) => ({ hour, ...pair, paired: pairedOfHour(model.taskType, pair, entries) }))
        .filter(({ paired }) => paired.n > 0),
    ),
  };
}
