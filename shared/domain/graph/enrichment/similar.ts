import type { Adjacency } from '../adjacency.ts';
import type { EdgeType } from '../edge-types.ts';
import { type EntityUri, parseEntityRef } from '../entity-ref.ts';
import { sources, targets } from '../quality/owning-teams.ts';

type Graph = Pick<Adjacency, 'claimsFrom' | 'claimsTo' | 'descriptions'>;

export type Similar = {
  readonly uri: EntityUri;
  /** 0..1 */
  readonly score: number;
  /** What both use, the rarest first; of what is used itself: who uses both. At most five. */
  readonly shared: readonly EntityUri[];
};

export type Recommended = {
  readonly uri: EntityUri;
  /** 0..1 */
  readonly score: number;
  /** Similar entities that use it, the most similar first. At most three. */
  readonly usedBy: readonly EntityUri[];
};

const using: readonly EdgeType[] = ['consumes', 'trainedOn'];
const shownShared = 5;
const neighboursAsked = 10;
/** What more than this many use says nothing of who is similar, and would be compared with everyone. */
const maximumUsers = 2_000;

type Side = {
  readonly traits: (uri: EntityUri) => readonly EntityUri[];
  readonly holders: (trait: EntityUri) => readonly EntityUri[];
};

/**
 * Entities of the same type by what they use (models by features, pipelines by datasets), or by who uses them where they
 * use nothing themselves: weighted Jaccard similarity, the weight of what both have over the weight of what either has
 * (Ioffe 2010), where something weighs ln(1 + 1/share) with the share of its users among all that were compared: the
 * inverse document frequency (Spärck Jones 1972). Most similar first, then by URI.
 */
export function similarTo(graph: Graph, uri: EntityUri, limit: number): readonly Similar[] {
  const side = sideOf(graph, uri);
  const own = new Set(side.traits(uri));
  const { type } = parseEntityRef(uri);
  const holders = new Map<EntityUri, readonly EntityUri[]>();
  const holdersOf = (trait: EntityUri) => {
    const known = holders.get(trait) ?? side.holders(trait).filter((each) => parseEntityRef(each).type === type);
    holders.set(trait, known);
    return known;
  };
  const compared = [...own].map(holdersOf).filter((some) => some.length <= maximumUsers);
  const candidates = [...new Set(compared.flat())].filter((each) => each !== uri);
  const population = candidates.length + 1;
  const weight = (trait: EntityUri) =>
    Math.log(1 + population / Math.max(1, Math.min(population, holdersOf(trait).length)));
  return candidates
    .map((candidate): Similar => {
      const theirs = new Set(side.traits(candidate));
      const shared = [...own].filter((trait) => theirs.has(trait));
      const either = new Set([...own, ...theirs]);
      const score = sumOf(shared, weight) / sumOf([...either].toSorted(), weight);
      return { uri: candidate, score, shared: byWeight(shared, weight).slice(0, shownShared) };
    })
    .toSorted((a, b) => b.score - a.score || (a.uri < b.uri ? -1 : 1))
    .slice(0, limit);
}

/**
 * What the most similar entities use and it does not: the share of their similarity that stands behind it, as in
 * neighbourhood-based collaborative filtering (Resnick et al. 1994).
 */
export function recommendedFor(graph: Graph, uri: EntityUri, limit: number): readonly Recommended[] {
  const own = new Set([uri, ...targets(graph, uri, using)]);
  if (own.size === 1) return [];
  const neighbours = similarTo(graph, uri, neighboursAsked);
  const total = neighbours.reduce((sum, { score }) => sum + score, 0);
  const behind = new Map<EntityUri, Similar[]>();
  for (const neighbour of neighbours)
    for (const used of targets(graph, neighbour.uri, ['consumes']))
      if (!own.has(used)) behind.set(used, [...(behind.get(used) ?? []), neighbour]);
  return [...behind]
    .map(([used, by]) => ({
      uri: used,
      score: by.reduce((sum, { score }) => sum + score, 0) / total,
      usedBy: by.slice(0, 3).map(({ uri: user }) => user),
    }))
    .toSorted((a, b) => b.score - a.score || (a.uri < b.uri ? -1 : 1))
    .slice(0, limit);
}

function sideOf(graph: Graph, uri: EntityUri): Side {
  const uses = (each: EntityUri) => targets(graph, each, using);
  const users = (each: EntityUri) => sources(graph, each, using);
  return uses(uri).length > 0 ? { traits: uses, holders: users } : { traits: users, holders: uses };
}

function sumOf(traits: readonly EntityUri[], weight: (trait: EntityUri) => number): number {
  return traits.reduce((sum, trait) => sum + weight(trait), 0);
}

function byWeight(traits: readonly EntityUri[], weight: (trait: EntityUri) => number): readonly EntityUri[] {
  return traits.toSorted((a, b) => weight(b) - weight(a) || (a < b ? -1 : 1));
}
