import type { CascadeGraph } from './cascade-graph.ts';
import { createCycleOrder } from './order-cycles.ts';
import { type StrongComponents, strongComponents } from './strong-components.ts';

/** `dependant` no longer waits for `dependency`. */
export type CutEdge = { readonly dependant: number; readonly dependency: number };

export type CutCycle = {
  /** Nodes that depend on each other, ascending. */
  readonly members: readonly number[];
  /** By dependency, then by dependant. */
  readonly cuts: readonly CutEdge[];
};

export type AcyclicReach = {
  /** Everything that depends on the roots, and the roots: each node after all that it waits for. */
  readonly order: Int32Array;
  /** Calls `visit` with every dependant that waits for the node. */
  readonly eachDependant: (node: number, visit: (dependant: number) => void) => void;
  /** By their smallest member. */
  readonly cycles: readonly CutCycle[];
};

/**
 * Everything that depends on the roots, without cycles: of those that depend on each other, and of nothing else, edges
 * are cut, few but not provably the fewest; all stay reached. Roots wait for nothing. Nodes that `isEnd` are reached and not walked on from.
 */
export function cutCycles(
  graph: CascadeGraph,
  roots: readonly number[],
  isEnd: (node: number) => boolean,
): AcyclicReach {
  const { nodeCount, first, dependants } = graph;
  const components = strongComponents(graph, roots, isEnd);
  const order = components.order.slice();
  const position = new Int32Array(nodeCount).fill(-1);
  const groups = groupsOf(components);
  const cycleOrder = createCycleOrder({ graph, componentOf: components.componentOf, leading: roots });
  for (const { start, end } of groups) {
    if (end - start > 1) order.set(cycleOrder.order(order.slice(start, end).sort()), start);
    else cycleOrder.place(order[start]!, isEnd(order[start]!));
  }
  for (let at = 0; at < order.length; at += 1) position[order[at]!] = at;
  const cycles = groups.flatMap(({ start, end }) => {
    const members = [...order.subarray(start, end)].sort((a, b) => a - b);
    const cuts = members.flatMap((node) => (isEnd(node) ? [] : cutsFrom(graph, node, position, components)));
    return cuts.length === 0 ? [] : [{ members, cuts }];
  });
  return {
    order,
    cycles: cycles.sort((a, b) => a.members[0]! - b.members[0]!),
    eachDependant(node, visit) {
      if (isEnd(node)) return;
      const at = position[node]!;
      // An edge that leads back in the order is a cut one.
      for (let edge = first[node]!; edge < first[node + 1]!; edge += 1)
        if (position[dependants[edge]!]! > at) visit(dependants[edge]!);
    },
  };
}

function groupsOf({ order, componentOf }: StrongComponents) {
  const groups: { readonly start: number; readonly end: number }[] = [];
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && componentOf[order[end]!] === componentOf[order[start]!]) end += 1;
    groups.push({ start, end });
    start = end;
  }
  return groups;
}

function cutsFrom(
  { first, dependants }: CascadeGraph,
  dependency: number,
  position: Int32Array,
  { componentOf }: StrongComponents,
): readonly CutEdge[] {
  const cuts: CutEdge[] = [];
  for (let edge = first[dependency]!; edge < first[dependency + 1]!; edge += 1) {
    const dependant = dependants[edge]!;
    if (componentOf[dependant] === componentOf[dependency] && position[dependant]! <= position[dependency]!)
      cuts.push({ dependant, dependency });
  }
  return cuts;
}
