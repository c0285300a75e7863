import type { CascadeGraph } from './cascade-graph.ts';
import { createWaitingLists } from './waiting-lists.ts';

export type CycleOrder = {
  readonly graph: CascadeGraph;
  /** Equal for nodes that depend on each other, and 0 for what is not asked about. */
  readonly componentOf: Int32Array;
  /** Nodes that come first in their cycle, whatever they depend on. */
  readonly leading: readonly number[];
};

/**
 * Puts nodes that depend on each other into an order against which few edges point, and in which each comes after one
 * that it depends on, so that nothing retrains for no reason. Components have to be put in order before those that
 * depend on them. Next is always one of those that something before it changes: one that waits for no other (Kahn,
 * CACM 5, 1962), or else the one for which most others wait beyond those that it waits for itself (Eades, Lin and Smyth,
 * Information Processing Letters 47, 1993). The same edges give the same order. O(nodes + edges) in all.
 */
export function createCycleOrder({ graph, componentOf, leading }: CycleOrder) {
  const { nodeCount, first, dependants } = graph;
  const isLeading = new Set(leading);
  const isPlaced = new Uint8Array(nodeCount);
  /** Something placed changes it. */
  const isEntered = new Uint8Array(nodeCount);
  const waits = new Int32Array(nodeCount);
  const waiters = new Int32Array(nodeCount);
  const ranks = new Int32Array(nodeCount);
  const lists = createWaitingLists(ranks);
  let mostWaiters = 0;

  function list(node: number): void {
    ranks[node] = waits[node] === 0 ? 0 : 1 + mostWaiters + waits[node]! - waiters[node]!;
    lists.add(node);
  }

  function eachDependant(node: number, visit: (dependant: number) => void): void {
    for (let edge = first[node]!; edge < first[node + 1]!; edge += 1) visit(dependants[edge]!);
  }

  function place(node: number, isEnd: boolean): void {
    lists.remove(node);
    isPlaced[node] = 1;
    if (isEnd) return;
    eachDependant(node, (dependant) => {
      isEntered[dependant] = 1;
      if (componentOf[dependant] !== componentOf[node] || isPlaced[dependant] === 1) return;
      lists.remove(dependant);
      waits[dependant]! -= 1;
      list(dependant);
    });
  }

  return {
    /** For a component of one. */
    place,
    /** The members, ascending, in their order. */
    order(members: Int32Array): Int32Array {
      const component = componentOf[members[0]!];
      for (const member of members)
        eachDependant(member, (dependant) => {
          if (componentOf[dependant] !== component || dependant === member) return;
          waits[dependant]! += 1;
          waiters[member]! += 1;
        });
      mostWaiters = members.reduce((most, member) => Math.max(most, waiters[member]!), 0);
      for (const member of members.toReversed()) if (isEntered[member] === 1) list(member);
      const heads = members.filter((member) => isLeading.has(member));
      for (const head of heads) place(head, false);
      const rest = Int32Array.from({ length: members.length - heads.length }, () => {
        const node = lists.least();
        place(node, false);
        return node;
      });
      return Int32Array.of(...heads, ...rest);
    },
  };
}
