import type { Quality } from '../../api/types.ts';
import type { StateKind } from '../../format/state-kind.ts';

type PartName = keyof Quality['parts'];
type Words = {
  readonly title: string;
  readonly full: string;
  readonly none: string;
  readonly some: string;
};

/** What a part says when it is 1, 0 and in between; there is a description or there is none. */
const words: Readonly<Record<PartName, Words>> = {
  description: { title: 'Description', full: 'there is one', none: 'there is none', some: '' },
  owner: {
    title: 'Owner',
    full: 'whoever owns it is still there',
    none: 'nobody who is still there owns it',
    some: 'some of its owners are still there',
  },
  freshness: {
    title: 'Freshness',
    full: 'something new was said in the last 90 days',
    none: 'nothing new for a year',
    some: 'nothing new for more than 90 days',
  },
  lineage: {
    title: 'Lineage',
    full: 'all relations that its type is expected to have',
    none: 'none of the relations that its type is expected to have',
    some: 'some of the relations that its type is expected to have',
  },
  schema: {
    title: 'Attributes',
    full: 'all attributes of its type are filled',
    none: 'no attribute of its type is filled',
    some: 'some attributes of its type are filled',
  },
};
const order = Object.keys(words) as readonly PartName[];

export type QualityRow = { readonly title: string; readonly share: number; readonly text: string };

/** The parts that apply, each in words. */
export function qualityRows(parts: Quality['parts']): readonly QualityRow[] {
  return order.flatMap((name) => {
    const share = parts[name];
    if (share === undefined) return [];
    const { title, full, none, some } = words[name];
    return [{ title, share, text: share >= 1 ? full : share <= 0 ? none : some }];
  });
}

/** Of a share or a score: 1 is whole, below one half it is bad. */
export function qualityKind(share: number): StateKind {
  if (share >= 0.8) return 'healthy';
  return share >= 0.5 ? 'warning' : 'breach';
}

export const anomalyWords: Readonly<Record<Quality['anomalies'][number]['kind'], string>> = {
  'owner-left': 'An owner has left',
  orphan: 'Nobody’s',
  'stale-hydration': 'Its description is older than its relations',
  unresolved: 'Only mentioned',
  'unused-but-served': 'Served, and used by nobody',
  'two-owning-teams': 'Two teams own it',
  'same-asset-twice': 'The same name on another platform',
  'contested-edge': 'Teams contradict each other',
  'unconfirmed-override': 'Nobody else has confirmed it',
};
