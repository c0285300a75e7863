import type { Profile } from '../ground-truth/aggregates.ts';
import { emptyProfile } from '../ground-truth/profile.ts';
import type { Baseline } from './baseline.ts';
import type { ProfileWindow } from './profile-window.ts';

/** The counts of one segment's rows as a profile of their own; empty when it has none. */
function profileOfSegment(profile: Profile, name: string): Profile {
  return profile.segments?.[name] ?? emptyProfile;
}

/** The baseline of one segment's rows, on the bins of the whole. Undefined when it was built without the segment. */
export function baselineOfSegment(baseline: Baseline, name: string): Baseline | undefined {
  const profile = baseline.profile.segments?.[name];
  if (profile === undefined) return undefined;
  const { blocks, performance: _, segments: __, anchor: ___, anchorOmitted: ____, ...rest } = baseline;
  const held = blocks?.filter((block) => block.profile.segments?.[name] !== undefined);
  return {
    ...rest,
    n: profile.n,
    profile,
    ...(held && {
      blocks: held.map((block) => ({ ...block, profile: profileOfSegment(block.profile, name) })),
    }),
  };
}

/** What was served to one segment. */
export function windowOfSegment({ profile, blocks, ...rest }: ProfileWindow, name: string): ProfileWindow {
  return {
    ...rest,
    profile: profileOfSegment(profile, name),
    blocks: blocks.map((block) => ({ ...block, profile: profileOfSegment(block.profile, name) })),
  };
}

/** The segments that the baseline was built with, each with what is compared of it. */
export function segmentsOf(baseline: Baseline | undefined, current: ProfileWindow) {
  return (baseline?.segments ?? []).map(({ name }) => ({
    name,
    baseline: baseline && baselineOfSegment(baseline, name),
    current: windowOfSegment(current, name),
  }));
}
