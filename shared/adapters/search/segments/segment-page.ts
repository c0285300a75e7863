import type { Position } from '../../../domain/graph/search/search-order.ts';
import type { Reach, SearchQuery } from '../../../domain/graph/search/search-query.ts';
import {
  answerScore,
  comparedName,
  exactScore,
  isSeveral,
  lengthLikeness,
  likenessOf,
  maximumExactness,
} from '../../../domain/graph/search/search-score.ts';
import { documentAt, type Segment, states } from './segment.ts';
import { exactFlag, foundFlag, namedFlag, type SegmentMatch } from './segment-match.ts';
import { firstWhere, lengthAt, textAt } from './text-column.ts';

export type SegmentHit = Position & { readonly segment: Segment; readonly document: number };

/** When nothing is asked for. */
const stateOrder = { hydrated: 0, enriched: 0, placeholder: -1, tombstone: -2 } as const;

/** The first hits of a segment after a position, in order; what cannot be among them is not scored. */
export function firstOfSegment(
  segment: Segment,
  hits: Uint32Array,
  scoreOf: SegmentScore,
  { after, count }: { readonly after: Position | undefined; readonly count: number },
): readonly SegmentHit[] {
  const behind = after === undefined ? 0 : countUpTo(segment, after);
  const first: { readonly score: number; readonly document: number }[] = [];
  for (const document of hits) {
    const last = first.at(-1);
    const least = first.length === count ? last?.score : undefined;
    const score = scoreOf(document, least);
    // Of equal ones the earlier document comes first, which was met before.
    if (score === undefined || (least !== undefined && score <= least)) continue;
    if (after !== undefined && (score > after.score || (score === after.score && document < behind))) continue;
    first.splice(
      firstWhere(first.length, (i) => first[i]!.score < score),
      0,
      { score, document },
    );
    first.length = Math.min(first.length, count);
  }
  return first.map(({ score, document }) => ({
    score,
    name: textAt(segment.names, document),
    uri: textAt(segment.uris, document),
    segment,
    document,
  }));
}

/** Undefined of what certainly scores no more than `least`. */
type SegmentScore = (document: number, least: number | undefined) => number | undefined;

export function scoreByState({ states: all }: Segment): SegmentScore {
  const byState = states.map((state) => stateOrder[state]);
  return (i) => byState[all[i]!];
}

export function createSegmentScore(
  segment: Segment,
  query: SearchQuery,
  reach: Reach,
  { means, flags }: SegmentMatch,
): SegmentScore {
  const asked = Math.min(query.squashed.length, comparedName);
  const mayDiffer = isSeveral(query);
  return (i, least) => {
    const flag = flags[i]!;
    const state = states[segment.states[i]!] ?? 'placeholder';
    // Where some words were not found at all, the name may still be what was meant as a whole.
    const isCompared = (flag & namedFlag) !== 0 || reach === 'any';
    const bound = isCompared ? lengthLikeness(asked, lengthAt(segment.squashedNames, i)) : 0;
    const isExact = (flag & exactFlag) !== 0;
    const most = answerScore(means[i]!, bound, state) + (isExact ? maximumExactness : 0);
    if ((flag & foundFlag) !== 0 && least !== undefined && most <= least) return undefined;
    const likeness = isCompared && mayDiffer ? likenessOf(query, textAt(segment.squashedNames, i)) : bound;
    const answer = (flag & foundFlag) !== 0 ? answerScore(means[i]!, likeness, state) : undefined;
    return isExact ? exactScore(query, documentAt(segment, i), answer) : answer;
  };
}

/** Documents that stand by name and URI where the position does, or before it. */
function countUpTo({ names, uris }: Segment, { name, uri }: Position): number {
  return firstWhere(names.starts.length - 1, (i) => {
    const own = textAt(names, i);
    return own > name || (own === name && textAt(uris, i) > uri);
  });
}
