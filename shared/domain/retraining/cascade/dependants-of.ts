import type { Adjacency } from '../../graph/adjacency.ts';
import { type EdgeClaim, isDependencyAt } from '../../graph/contribution.ts';
import { type EntityUri, parseEntityRef } from '../../graph/entity-ref.ts';
import { type CascadeGraph, createCascadeGraph } from './cascade-graph.ts';

export type DependantGraph = {
  readonly graph: CascadeGraph;
  /** By number, sorted; the roots are among them whether or not anything depends on them. */
  readonly uris: readonly EntityUri[];
};

/** Everything that depends on the roots at present, and how; `except` does not count as a dependant. */
export function dependantsOf(adjacency: Adjacency, roots: readonly EntityUri[], except?: EntityUri): DependantGraph {
  const reached = new Set(roots);
  const edges: (readonly [EntityUri, EntityUri])[] = [];
  // A set gives what is added while it is read, too.
  for (const uri of reached)
    for (const claim of adjacency.claimsTo(uri)) {
      if (!isInput(claim) || claim.from === except) continue;
      edges.push([claim.from, uri]);
      reached.add(claim.from);
    }
  const uris = [...reached].toSorted();
  const numberOf = new Map(uris.map((uri, number) => [uri, number]));
  const graph = createCascadeGraph(uris.length, {
    dependantOf: Int32Array.from(edges, ([dependant]) => numberOf.get(dependant)!),
    dependencyOf: Int32Array.from(edges, ([, dependency]) => numberOf.get(dependency)!),
  });
  return { graph, uris };
}

/** A version whose promotion began a run is not on that account something that the run read. */
function isInput(claim: EdgeClaim): boolean {
  const isCause = claim.type === 'triggeredBy' && parseEntityRef(claim.to).type === 'model-version';
  return !isCause && isDependencyAt(claim, undefined);
}
