import type { Instant } from '../../time.ts';
import type { Adjacency } from '../adjacency.ts';
import { type EdgeClaim, edgeId } from '../contribution.ts';
import type { EntityUri } from '../entity-ref.ts';
import { owningTeams } from '../quality/owning-teams.ts';
import { type ContestedEdge, edgeConflict, isOverride } from './edge-conflict.ts';

/** Conflicts of the edges that begin or end at the entity, by `edgeId`. */
export function conflictsAt(graph: Adjacency, uri: EntityUri, now: Instant): ReadonlyMap<string, ContestedEdge> {
  return new Map([...conflictsOf(graph, graph.saidFrom(uri), now), ...conflictsOf(graph, graph.saidTo(uri), now)]);
}

function conflictsOf(graph: Adjacency, all: Iterable<EdgeClaim>, now: Instant): readonly [string, ContestedEdge][] {
  const said = [...all];
  const overridden = new Set(said.filter(isOverride).map(edgeId));
  if (overridden.size === 0) return [];
  const byEdge = Map.groupBy(
    said.filter((claim) => overridden.has(edgeId(claim))),
    edgeId,
  );
  return [...byEdge].flatMap(([id, claims]): readonly [string, ContestedEdge][] => {
    const { from, type, to } = claims[0]!;
    const conflict = edgeConflict(claims, owningTeams(graph, from), now);
    return conflict === undefined ? [] : [[id, { from, type, to, conflict }]];
  });
}
