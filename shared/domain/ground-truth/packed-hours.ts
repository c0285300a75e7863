import { lazily } from '../lazily.ts';
import type { Profile } from './aggregates.ts';
import { emptyProfile, mergeAllProfiles, shareOfProfile } from './profile.ts';

// A profile is a tree of counts, and merging adds leaf by leaf. As objects, the hours of a week take ten times the memory
// and a hundred times as long to merge as in arrays.

type Node = {
  readonly key: string;
  readonly slot: number;
  /** Of the group that it is in. */
  readonly parent: number;
  readonly children: Map<string, Node> | undefined;
};

/** Where each count of the profiles of one version is kept; grows with what is packed. */
export type ProfileLayout = { readonly root: Map<string, Node>; readonly nodes: Node[] };

/** Profiles of some hours, each the pairs of slot and count from the end of the hour before to its own. */
export type PackedHours = {
  readonly layout: ProfileLayout;
  /** Ascending. */
  readonly hours: readonly string[];
  readonly ends: Uint32Array;
  readonly slots: Uint16Array | Uint32Array;
  readonly counts: Uint16Array | Uint32Array | Float64Array;
};

type OfHour = { readonly hour: string; readonly profile: Profile };
type Hours = { readonly packed: PackedHours; readonly isWanted: (hour: string) => boolean };

/** So much of every count of an hour, (0, 1]; a count is rounded to a whole one. */
export type HourShare = { readonly profile: Profile; readonly ratio: number };
type OneHour = { readonly packed: PackedHours; readonly index: number };

type Tree = { [key: string]: number | Tree };

const absent = -1;
const root = -1;
/** Where the profiles that `profileOfHour` gave were packed. */
const packedAs = new WeakMap<Profile, OneHour>();
/** Of an object on the heap, roughly. */
const entryBytes = 100;

export function createProfileLayout(): ProfileLayout {
  return { root: new Map(), nodes: [] };
}

/** One or more profiles an hour, ascending by hour. Throws a `TypeError` on what is neither a count nor a group of them. */
export function packHours(layout: ProfileLayout, profiles: readonly OfHour[]): PackedHours {
  const slots: number[] = [];
  const counts: number[] = [];
  const add = (slot: number, count: number) => {
    slots.push(slot);
    counts.push(count);
  };
  const byHour = [...Map.groupBy(profiles, ({ hour }) => hour)];
  const ends = byHour.map(([, [first, ...more]]) => {
    const whole =
      more.length === 0 ? first!.profile : mergeAllProfiles([first!, ...more].map(({ profile }) => profile));
    addLeaves(layout, { slot: root, children: layout.root }, whole, add);
    return slots.length;
  });
  return {
    layout,
    hours: byHour.map(([hour]) => hour),
    ends: Uint32Array.from(ends),
    slots: layout.nodes.length <= 0x1_0000 ? Uint16Array.from(slots) : Uint32Array.from(slots),
    counts: narrowest(counts),
  };
}

/** What the wanted hours come to: the same as merging their profiles. */
export function profileOfPacked(hours: readonly Hours[]): Profile {
  const sums = [...Map.groupBy(hours, ({ packed }) => packed.layout)].map(([layout, some]) => sumOf(layout, some));
  return sums.length === 1 ? sums[0]! : mergeAllProfiles(sums);
}

/**
 * What the shares of hours come to, without histogram and segments: the same as merging `shareOfProfile`s. Hours that
 * `profileOfHour` gave are added as they are packed.
 */
export function profileOfShares(shares: readonly HourShare[]): Profile {
  const found = shares.map(({ profile, ratio }) => ({ profile, ratio, hour: packedAs.get(profile) }));
  const byLayout = Map.groupBy(found, ({ hour }) => hour?.packed.layout);
  const sums = [...byLayout].map(([layout, some]) => {
    if (layout === undefined) return mergeAllProfiles(some.map(({ profile, ratio }) => shareOfProfile(profile, ratio)));
    const counts = noSums(layout);
    for (const { hour, ratio } of some) addHour(counts, hour!.packed, hour!.index, ratio);
    return profileOfSums(layout, counts, judged);
  });
  return sums.length === 1 ? sums[0]! : mergeAllProfiles(sums);
}

const judged: ReadonlySet<string> = new Set(['n', 'features', 'scores'] satisfies (keyof Profile)[]);

/** Of one hour, taken apart when more than its `n` is asked for; undefined when nothing was packed of it. */
export function profileOfHour(packed: PackedHours, hour: string): Profile | undefined {
  const index = packed.hours.indexOf(hour);
  if (index < 0) return undefined;
  const { root: names } = packed.layout;
  const whole = lazily((): Profile => ({ ...emptyProfile, ...treeOfHour(packed, index) }));
  const profile = {
    n: countAt(packed, index, names.get('n')?.slot),
    get features() {
      return whole().features;
    },
    get scores() {
      return whole().scores;
    },
  };
  for (const name of ['scoreHistogram', 'segments'] as const)
    if (names.has(name)) Object.defineProperty(profile, name, { enumerable: true, get: () => whole()[name] });
  packedAs.set(profile, { packed, index });
  return profile;
}

function countAt({ ends, slots, counts }: PackedHours, index: number, slot: number | undefined): number {
  const start = index === 0 ? 0 : ends[index - 1]!;
  for (let at = start; at < ends[index]!; at += 1) if (slots[at] === slot) return counts[at]!;
  return 0;
}

function treeOfHour({ layout, ends, slots, counts }: PackedHours, index: number): Tree {
  const tree: Tree = {};
  const groups = new Map<number, Tree>([[root, tree]]);
  const end = ends[index]!;
  for (let at = index === 0 ? 0 : ends[index - 1]!; at < end; at += 1) {
    const { key, slot, parent, children } = layout.nodes[slots[at]!]!;
    const value: number | Tree = children === undefined ? counts[at]! : {};
    // A group was packed before what is in it.
    put(groups.get(parent)!, key, value);
    if (typeof value === 'object') groups.set(slot, value);
  }
  return tree;
}

/** In memory, roughly. */
export function bytesOfPacked({ hours, ends, slots, counts }: PackedHours): number {
  return (5 + hours.length) * entryBytes + ends.byteLength + slots.byteLength + counts.byteLength;
}

/** In memory, roughly. */
export function bytesOfLayout({ nodes }: ProfileLayout): number {
  return nodes.length * entryBytes;
}

function addLeaves(
  layout: ProfileLayout,
  { slot: parent, children = new Map() }: Pick<Node, 'slot' | 'children'>,
  tree: object,
  add: (slot: number, count: number) => void,
): void {
  for (const [key, value] of Object.entries(tree)) {
    const node = children.get(key) ?? newNode(layout, { parent, siblings: children, key }, value);
    const isCount = typeof value === 'number';
    if (isCount !== (node.children === undefined)) throw new TypeError(`received ${key} ${value}, expected as before`);
    add(node.slot, isCount ? value : 0);
    if (node.children !== undefined) addLeaves(layout, node, value, add);
  }
}

function newNode(
  { nodes }: ProfileLayout,
  { parent, siblings, key }: { readonly parent: number; readonly siblings: Map<string, Node>; readonly key: string },
  value: unknown,
): Node {
  const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (typeof value !== 'number' && !isGroup)
    throw new TypeError(`received ${key} ${value}, expected a count or a group of counts`);
  const node = { key, slot: nodes.length, parent, children: isGroup ? new Map<string, Node>() : undefined };
  nodes.push(node);
  siblings.set(key, node);
  return node;
}

function narrowest(counts: readonly number[]): PackedHours['counts'] {
  const most = counts.reduce((left, right) => Math.max(left, right), 0);
  if (most > 0xffff_ffff || !counts.every((count) => Number.isInteger(count) && count >= 0))
    return Float64Array.from(counts);
  return most > 0xffff ? Uint32Array.from(counts) : Uint16Array.from(counts);
}

function sumOf(layout: ProfileLayout, hours: readonly Hours[]): Profile {
  const sums = noSums(layout);
  for (const { packed, isWanted } of hours)
    for (const [i, hour] of packed.hours.entries()) if (isWanted(hour)) addHour(sums, packed, i);
  return profileOfSums(layout, sums);
}

function noSums({ nodes }: ProfileLayout): Float64Array {
  return new Float64Array(nodes.length).fill(absent);
}

function addHour(sums: Float64Array, { ends, slots, counts }: PackedHours, index: number, ratio = 1): void {
  const end = ends[index]!;
  for (let at = index === 0 ? 0 : ends[index - 1]!; at < end; at += 1) {
    const slot = slots[at]!;
    const sum = sums[slot]!;
    const count = ratio === 1 ? counts[at]! : Math.round(counts[at]! * ratio);
    sums[slot] = sum === absent ? count : sum + count;
  }
}

/** @param wanted names of the profile's own level; @default all */
function profileOfSums({ root: names }: ProfileLayout, sums: Float64Array, wanted?: ReadonlySet<string>): Profile {
  const nodes = wanted === undefined ? names : new Map([...names].filter(([name]) => wanted.has(name)));
  return { ...emptyProfile, ...treeOf(nodes, sums) };
}

function treeOf(nodes: ReadonlyMap<string, Node>, sums: Float64Array): Tree {
  const tree: Tree = {};
  for (const [key, { slot, children }] of nodes) {
    const sum = sums[slot]!;
    if (sum === absent) continue;
    const value = children === undefined ? sum : treeOf(children, sums);
    put(tree, key, value);
  }
  return tree;
}

function put(tree: Tree, key: string, value: number | Tree): void {
  // A feature may have any name, this one too.
  if (key === '__proto__') Object.defineProperty(tree, key, { value, enumerable: true });
  else tree[key] = value;
}
