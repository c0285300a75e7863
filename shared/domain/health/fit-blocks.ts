import type { Profile } from '../ground-truth/aggregates.ts';
import { packJson } from '../ground-truth/packed-json.ts';
import type { Feature } from '../registry/schemas.ts';
import type { Baseline } from './baseline.ts';

/** Bytes of a packed baseline: of the 400 KB of an item, with room for its other attributes. */
export const maximumBaselineBytes = 390_000;

/**
 * The baseline with counts by block, of segments too where all of it fits, else for as many features as fit, the most important ones; what was left out is named in
 * `blocksOmitted`. Scores by block go last. A baseline that is too large without any block comes back without.
 */
export function fitBlocks(
  whole: Baseline,
  features: readonly Pick<Feature, 'name' | 'importance'>[],
  maximumBytes: number = maximumBaselineBytes,
): Baseline {
  if (packJson(whole).byteLength <= maximumBytes) return whole;
  const baseline = withoutSegmentBlocks(whole);
  const names = [...features].sort((a, b) => b.importance - a.importance).map(({ name }) => name);
  const kept = (count: number) => (count === names.length ? baseline : withBlocksOf(baseline, names, count));
  const isFitting = (count: number) => packJson(kept(count)).byteLength <= maximumBytes;
  if (isFitting(names.length)) return baseline;
  let [fits, exceeds] = [-1, names.length];
  while (exceeds - fits > 1) {
    const middle = (fits + exceeds) >> 1;
    if (isFitting(middle)) fits = middle;
    else exceeds = middle;
  }
  return kept(fits);
}

/** The baseline without its comparison with the anchor where the whole does not fit; `anchorOmitted` then says so. */
export function fitAnchor(whole: Baseline, maximumBytes: number = maximumBaselineBytes): Baseline {
  const { anchor, ...rest } = whole;
  if (anchor === undefined || packJson(whole).byteLength <= maximumBytes) return whole;
  return { ...rest, anchorOmitted: anchor.version };
}

function withoutSegmentBlocks({ blocks = [], ...rest }: Baseline): Baseline {
  return {
    ...rest,
    blocks: blocks.map(({ profile: { segments: _, ...profile }, ...block }) => ({ ...block, profile })),
  };
}

/** `count` -1: without any block. */
function withBlocksOf(baseline: Baseline, names: readonly string[], count: number): Baseline {
  const { blocks = [], ...rest } = baseline;
  const blocksOmitted = names.slice(Math.max(0, count));
  if (count < 0) return { ...rest, blocksOmitted };
  const keptNames = new Set(names.slice(0, count));
  return {
    ...rest,
    blocks: blocks.map((block) => ({ ...block, profile: narrowed(block.profile, keptNames) })),
    blocksOmitted,
  };
}

function narrowed(profile: Profile, names: ReadonlySet<string>): Profile {
  const features = Object.entries(profile.features).filter(([name]) => names.has(name));
  return { ...profile, features: Object.fromEntries(features) };
}
