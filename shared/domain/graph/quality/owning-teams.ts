import type { Adjacency } from '../adjacency.ts';
import { holdsAt } from '../contribution.ts';
import type { EdgeType } from '../edge-types.ts';
import { recordOf } from '../entity-record.ts';
import { type EntityUri, parseEntityRef } from '../entity-ref.ts';

type Graph = Pick<Adjacency, 'claimsFrom' | 'claimsTo' | 'descriptions'>;

/** What belongs to something that has an owner has its owner. */
const belonging: readonly EdgeType[] = ['versionOf', 'partOf', 'runOf'];
const maximumSteps = 3;

/** Ids of the teams that own the entity: named as owners, of people who are, or of what it is a version or part of. */
export function owningTeams(graph: Graph, uri: EntityUri): readonly string[] {
  let frontier: readonly EntityUri[] = [uri];
  for (let step = 0; step <= maximumSteps && frontier.length > 0; step += 1) {
    const teams = frontier.flatMap((each) => teamsNamedBy(graph, each));
    if (teams.length > 0) return [...new Set(teams)].toSorted();
    frontier = [...new Set(frontier.flatMap((each) => targets(graph, each, belonging)))];
  }
  return [];
}

/** Owners as they are named: teams and people. */
export function ownersOf(graph: Graph, uri: EntityUri): readonly EntityUri[] {
  return targets(graph, uri, ['ownedBy']);
}

/** A person who has left, or a team or person that is gone, answers for nothing. */
export function hasLeft(graph: Graph, owner: EntityUri): boolean {
  const { state, attributes } = recordOf(owner, graph.descriptions(owner));
  return state === 'tombstone' || attributes.left === true;
}

function teamsNamedBy(graph: Graph, uri: EntityUri): readonly string[] {
  return ownersOf(graph, uri).flatMap((owner) => {
    const { type, id } = parseEntityRef(owner);
    if (type === 'team') return [id];
    return targets(graph, owner, ['memberOf']).map((team) => parseEntityRef(team).id);
  });
}

/** At the end of present claims of the types, each once, sorted. */
export function targets(graph: Graph, uri: EntityUri, types: readonly EdgeType[]): readonly EntityUri[] {
  const found = new Set<EntityUri>();
  for (const claim of graph.claimsFrom(uri))
    if (types.includes(claim.type) && holdsAt(claim, undefined)) found.add(claim.to);
  return [...found].toSorted();
}

export function sources(graph: Graph, uri: EntityUri, types: readonly EdgeType[]): readonly EntityUri[] {
  const found = new Set<EntityUri>();
  for (const claim of graph.claimsTo(uri))
    if (types.includes(claim.type) && holdsAt(claim, undefined)) found.add(claim.from);
  return [...found].toSorted();
}
