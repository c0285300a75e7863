import type { Profile, ProfileBlock } from '../ground-truth/aggregates.ts';
import { dayMillis, toMillis } from '../time.ts';
import type { Baseline } from './baseline.ts';
import type { ProfileWindow } from './profile-window.ts';
import { minimumBlocks } from './verdict/block-evidence.ts';
import type { Blocks } from './verdict/block-spread.ts';
import { effectFloor } from './verdict/effect-floor.ts';
import type { ShiftBlocks } from './verdict/shift.ts';
import type { ShiftMeasure } from './verdict/shift-measure.ts';

/** What is compared: the reference window of a version, and what was served. */
export type DriftSides = {
  readonly reference: {
    readonly profile: Profile;
    /** None when the rows carry no time. */
    readonly blocks: readonly ProfileBlock[];
    /** Features that the blocks do not count. */
    readonly blocksOmitted: readonly string[];
    /** Length of the window as it was declared. */
    readonly days: number;
  };
  readonly current: ProfileWindow & {
    /** Too short to vary: held to vary as so many days of the reference do. @default its blocks speak for it */
    readonly asReferenceDays?: number;
  };
};

export function driftSides(
  baseline: Pick<Baseline, 'profile' | 'blocks' | 'blocksOmitted' | 'from' | 'to'>,
  current: DriftSides['current'],
): DriftSides {
  const { profile, blocks = [], blocksOmitted = [], from, to } = baseline;
  return {
    reference: { profile, blocks, blocksOmitted, days: daysBetween({ from, to }) },
    current,
  };
}

/** What is counted of a profile: values by bin, or how many are missing and how many are not. */
export type Counting = {
  /** Of the feature; undefined for the output. */
  readonly feature: string | undefined;
  readonly countsOf: (profile: Profile) => readonly number[];
};

/** Without blocks of its own a reference of eight days or more borrows the variance of the days that are judged. */
export function shiftBlocks(
  { reference, current }: DriftSides,
  { feature, countsOf, key }: Counting & { readonly key: string },
): ShiftBlocks {
  const isOmitted = feature !== undefined && reference.blocksOmitted.includes(feature);
  const blocks = isOmitted ? [] : reference.blocks;
  const days = Math.floor(reference.days);
  const { asReferenceDays } = current;
  return {
    referenceBlocks: blocks.length === 0 ? [] : countsOfReference(blocks, key, countsOf),
    currentBlocks: current.blocks.map(({ profile }) => countsOf(profile)),
    currentSpread:
      asReferenceDays === undefined ? 'own' : { asReferenceBlocks: asReferenceDays / daysPerBlock(reference.blocks) },
    referenceSpread: blocks.length === 0 && days >= minimumBlocks ? { asCurrentBlocks: days } : 'own',
  };
}

// A reference never changes, and is held against many windows.
const counted = new WeakMap<readonly ProfileBlock[], Map<string, Blocks>>();

function countsOfReference(blocks: readonly ProfileBlock[], key: string, countsOf: Counting['countsOf']): Blocks {
  const known = counted.get(blocks) ?? new Map<string, Blocks>();
  counted.set(blocks, known);
  const counts = known.get(key) ?? blocks.map(({ profile }) => countsOf(profile));
  known.set(key, counts);
  return counts;
}

const floors = new WeakMap<readonly ProfileBlock[], Map<string, number>>();

/** `effectFloor` for stretches as long as the current side. A reference never changes, so it is asked only once. */
export function floorOf(
  { reference, current }: DriftSides,
  blocks: ShiftBlocks,
  counting: { readonly key: string; readonly measure: ShiftMeasure },
): number {
  const length = Math.max(1, Math.round(current.days / daysPerBlock(reference.blocks)));
  const known = floors.get(reference.blocks) ?? new Map<string, number>();
  floors.set(reference.blocks, known);
  const key = `${counting.key} ${counting.measure.name} ${length}`;
  const floor = known.get(key) ?? effectFloor(blocks.referenceBlocks, length, counting.measure);
  known.set(key, floor);
  return floor;
}

function daysPerBlock([first]: readonly ProfileBlock[]): number {
  return first === undefined ? 1 : daysBetween(first);
}

function daysBetween({ from, to }: { readonly from: string; readonly to: string }): number {
  return (toMillis(to) - toMillis(from)) / dayMillis;
}
